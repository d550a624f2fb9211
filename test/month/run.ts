/** Simulates five weeks of arXiv, hour by hour: `npm run month`. Exits with 1 if a state, a delivery or a request was wrong. */
import { simulateMonth } from './simulate-month.ts';

// Until 2027 the SDK warns on every start with Node 20; the locked one runs on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

if (process.argv.length > 2) {
  process.stderr.write('npm run month takes no arguments.\n');
  process.exit(2);
}
const { faults, statesChecked, papersDelivered, mails, requests } = await simulateMonth();
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(
  `${statesChecked} states checked, ${papersDelivered} papers delivered in ${mails} mails, ${requests} requests to arXiv, ${faults.length} faults\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
