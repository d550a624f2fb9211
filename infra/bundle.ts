import { bundleAll } from './bundles/bundle-all.ts';
import { describeBundle, describeOversized } from './bundles/bundle-size.ts';

const PARTS_SHOWN = 12;

const bundles = await bundleAll('.build/functions');
for (const bundle of bundles) process.stdout.write(`${describeBundle(bundle, PARTS_SHOWN)}\n\n`);
const oversized = describeOversized(bundles);
if (oversized !== '') {
  process.stderr.write(`These bundles load too much at a start:
${oversized}
`);
  process.exitCode = 1;
}
