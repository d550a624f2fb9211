import { domainsAbove, isAddress } from '../doctor/checks/sender-identity.ts';
import type { InitPorts } from './ports.ts';

type VerificationPorts = Pick<InitPorts, 'say' | 'startWaiting' | 'verification'>;

/**
 * Waits until SES lets mail out for each of these addresses and domains. Has AWS mail a link to an address that SES does not
 * know. False means that somebody pressed Ctrl-C.
 *
 * @param names the sender, and in the sandbox the first reader too
 */
export async function waitForAddresses(ports: VerificationPorts, names: readonly string[]): Promise<boolean> {
  for (const name of names) if (!(await waitFor(ports, name))) return false;
  return true;
}

async function waitFor(ports: VerificationPorts, name: string): Promise<boolean> {
  const { say, startWaiting, verification } = ports;
  if (await isVerified(ports, name)) {
    say(`Verified: ${name}`);
    return true;
  }
  if (isAddress(name)) {
    if (!(await verification.loadIdentity(name))) await verification.request(name);
    say(`Open the mail that AWS sent to ${name}, and follow its link.`);
  } else {
    say(
      `SES looks for the DKIM records of ${name}. With its hosted zone in the settings the deployment wrote them. Otherwise write them now: docs/operating.md, "DKIM, SPF and DMARC".`,
    );
  }
  const waiting = startWaiting(`Waiting until ${name} is verified`);
  try {
    while (await waiting.pause()) {
      if (!(await isVerified(ports, name))) continue;
      waiting.stop();
      say(`Verified: ${name}`);
      return true;
    }
    return false;
  } finally {
    waiting.stop();
  }
}

/** Whether SES verified the address or domain, or a domain above it, which stands for all its addresses. */
async function isVerified({ verification }: VerificationPorts, name: string): Promise<boolean> {
  const names = isAddress(name) ? [name, ...domainsAbove(name)] : [name];
  const identities = await Promise.all(names.map((one) => verification.loadIdentity(one)));
  return identities.some((identity) => identity?.isVerified);
}
