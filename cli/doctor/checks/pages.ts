import type { PipelineOutputs } from '../../../infra/outputs.ts';
import { profileKeyOf } from '../../../shared/adapters/dynamodb/keys.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import { changeSubscriber, profileAfter } from '../../../shared/subscribers/change-subscriber.ts';
import { createNewSubscriber } from '../../../shared/subscribers/new-subscriber.ts';
import { createSubscriberLinks } from '../../../shared/web/links.ts';
import { PermissionError } from '../../deployment/errors.ts';
import { type Finding, fail, ok, worstOf } from '../diagnosis.ts';
import { type DoctorPorts, type Web, type WebAnswer, WebError, type WebRequest } from '../ports.ts';

const PAGES_FAIL = 'docs/alarms.md, "The pages fail"';

/** The outputs of a deployment that say where the pages are. */
type PagesOutputs = Pick<PipelineOutputs, 'PublicUrl' | 'ApiUrl' | 'SiteTarget'>;

/**
 * Checks whether the pages answer at the address in the mails. If they do not, it tries the address that AWS gave the API.
 * That shows whether the fault is before the API or in it. A domain in `site` replaces that address. The kind of the fault
 * decides then.
 */
export async function checkPublicUrl(web: Web, outputs: PagesOutputs): Promise<Finding> {
  const { PublicUrl: publicUrl, ApiUrl: apiUrl, SiteTarget: siteTarget } = outputs;
  const problem = await problemAt(web, publicUrl);
  if (!problem) return ok(`${publicUrl} answers`);
  const found = `${publicUrl} ${problem.text}`;
  if (apiUrl !== undefined && isSameOrigin(publicUrl, apiUrl)) return fail(found, PAGES_FAIL);
  const beforeApi = toAdvice(problem, publicUrl, siteTarget);
  if (apiUrl === undefined) return fail(found, problem.kind === 'status' ? PAGES_FAIL : beforeApi);
  const apiProblem = await problemAt(web, apiUrl);
  if (!apiProblem) return fail(`${found}; ${apiUrl} does answer, so the pages work`, beforeApi);
  // A missing record is a fault of its own, whatever else is wrong.
  const advice = problem.kind === 'no-name' ? `${beforeApi}; then ${PAGES_FAIL}` : PAGES_FAIL;
  return fail(`${found}; ${apiUrl} ${apiProblem.text} too`, advice);
}

interface Problem {
  /** `status`: it answers, but not with a page. `no-name`: the host name has no address record. */
  readonly kind: 'status' | 'certificate' | 'no-name' | 'no-answer';
  readonly text: string;
}

async function problemAt(web: Web, url: string): Promise<Problem | undefined> {
  try {
    const { status, location } = await web.fetch({ method: 'GET', url: new URL('/', url) });
    if (status === 200) return undefined;
    return {
      kind: 'status',
      text: `answers ${status}${location ? ` and leads to ${location}` : ''}, expected 200`,
    };
  } catch (error) {
    if (!(error instanceof WebError)) throw error;
    const { trouble, message } = error;
    if (trouble === 'certificate')
      return { kind: 'certificate', text: `has a certificate that is not trusted: ${message}` };
    if (trouble === 'name') return { kind: 'no-name', text: `has no address in DNS: ${message}` };
    return { kind: 'no-answer', text: `does not answer: ${message}` };
  }
}

/** What to do about a fault between readers and the API. */
function toAdvice({ kind }: Problem, publicUrl: string, siteTarget: string | undefined): string {
  const { hostname } = new URL(publicUrl);
  if (kind === 'certificate') return 'check that the certificate is for this domain and has not expired';
  if (siteTarget !== undefined)
    return `write a CNAME record of ${hostname} that leads to ${siteTarget}, or in Route 53 an alias; or set site.hostedZone and deploy`;
  return kind === 'no-name'
    ? `write a DNS record of ${hostname} that leads to your proxy or CDN; or correct publication.publicUrl in the settings and deploy`
    : `check that the DNS record of ${hostname} leads to your proxy or CDN, and that it passes requests on to the API`;
}

function isSameOrigin(a: string, b: string): boolean {
  return new URL(a).origin === new URL(b).origin;
}

type OneClickPorts = Pick<DoctorPorts, 'web' | 'probes' | 'keyring' | 'clock' | 'newNonce'>;

/** As mail programs send it. @see https://www.rfc-editor.org/rfc/rfc8058 */
const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };

/**
 * Checks whether the link in `List-Unsubscribe` does what mail programs expect. It creates a paused subscriber, which is
 * never mailed, and erases it at the end, even after an error.
 */
export async function checkOneClick(ports: OneClickPorts, publicUrl: string): Promise<Finding> {
  const { probes, keyring, clock } = ports;
  const { idKey, linkKeys } = await keyring.load();
  const probe = createProbe(ports, idKey);
  const link = new URL(createSubscriberLinks(publicUrl, linkKeys, clock.now()).unsubscribe(probe.id));
  try {
    await probes.save(probe);
  } catch (error) {
    // A refused save wrote nothing. After any other error the subscriber may exist.
    if (!(error instanceof PermissionError)) await probes.erase(probe.id);
    throw error;
  }
  let finding: Finding | undefined;
  let failure: unknown;
  try {
    finding = toFinding(await findFaults(ports, probe.id, link));
  } catch (error) {
    failure = error;
    if (error instanceof WebError)
      finding = fail(`the link does not answer: ${error.message}`, 'see the check of the public URL');
  }
  const leftBehind = await probes.erase(probe.id).then(
    () => undefined,
    (error: unknown) => error ?? 'no reason given',
  );
  if (leftBehind !== undefined) return withLeftover(finding, probe.id, leftBehind);
  if (!finding) throw failure;
  return finding;
}

async function findFaults(
  { web, probes }: OneClickPorts,
  id: Subscriber['id'],
  link: URL,
): Promise<string[]> {
  const faults: string[] = [];
  /** Makes a request, checks the answer and the new status of the subscriber, and pauses the subscriber again. */
  const attempt = async (
    name: string,
    request: WebRequest,
    status: number,
    becomes: Subscriber['status'],
  ) => {
    const before = await probes.load(id);
    const answer = await web.fetch(request);
    const after = await probes.load(id);
    if (answer.status !== status) faults.push(`${name} answers ${describe(answer)}, expected ${status}`);
    if (after?.status !== becomes)
      faults.push(`${name} leaves the subscriber ${after?.status}, expected ${becomes}`);
    else if (becomes === 'paused' && after.version !== before?.version)
      faults.push(`${name} changes the profile, expected no change`);
    const reset = await changeSubscriber(probes, id, (subscriber) =>
      subscriber.status === 'paused' ? undefined : { ...subscriber, status: 'paused' },
    );
    profileAfter(reset);
  };

  await attempt('GET', { method: 'GET', url: link }, 200, 'paused');
  await attempt('HEAD', { method: 'HEAD', url: link }, 200, 'paused');
  for (const type of ['urlencoded', 'multipart'] as const) {
    const form = { type, fields: ONE_CLICK };
    await attempt(`POST ${type}`, { method: 'POST', url: link, form }, 200, 'unsubscribed');
  }
  const form = { type: 'urlencoded', fields: ONE_CLICK } as const;
  await attempt('POST to an altered link', { method: 'POST', url: alter(link), form }, 404, 'paused');
  return faults;
}

function toFinding(faults: readonly string[]): Finding {
  return faults.length === 0
    ? ok('one POST unsubscribes, in both encodings; GET and HEAD change nothing; an altered link is refused')
    : fail(
        faults.join('; '),
        'check what is between readers and the API (redirects, a firewall, a cache), and that the latest version is deployed',
      );
}

function withLeftover(finding: Finding | undefined, id: Subscriber['id'], problem: unknown): Finding {
  const reason = problem instanceof Error ? problem.message : String(problem);
  const { state = 'fail', found = 'not tried to the end', advice } = finding ?? {};
  const { pk, sk } = profileKeyOf(id);
  const remove = `delete the item ${pk} / ${sk} from the Subscribers table; it is paused and not mailed`;
  return {
    state: worstOf([state, 'warn']),
    found: `${found}; the subscriber made for it could not be removed: ${reason}`,
    advice: advice === undefined ? remove : `${advice}; ${remove}`,
  };
}

function createProbe({ clock, newNonce }: OneClickPorts, idKey: string): Subscriber {
  return createNewSubscriber(
    {
      address: `success+doctor-${newNonce()}@simulator.amazonses.com`,
      status: 'paused',
      timeZone: 'UTC',
      hour: 0,
      subscriptions: [{ lists: ['hf-daily'], query: '', cadence: 'monthly', maxPapers: 1, sort: 'trending' }],
      consent: {
        at: clock.now(),
        from: 'broadsheet doctor',
        text: 'Nobody: made to try the unsubscribe link.',
      },
      cause: { at: clock.now(), by: 'operator' },
    },
    idKey,
  );
}

/** Returns the link with one character of its signature changed. */
function alter(link: URL): URL {
  const { href } = link;
  return new URL(`${href.slice(0, -1)}${href.endsWith('A') ? 'B' : 'A'}`);
}

function describe({ status, location }: WebAnswer): string {
  return location === undefined ? String(status) : `${status} and leads to ${location}`;
}
