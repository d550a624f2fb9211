import type { PipelineOutputs } from '../../../infra/outputs.ts';
import { type Finding, fail, ok } from '../finding.ts';
import { type Web, WebError } from '../ports.ts';

const PAGES_FAIL = 'docs/operating.md, "The pages fail"';

/** Where the pages are, as the outputs of a deployment name it. */
type PagesOutputs = Pick<PipelineOutputs, 'PublicUrl' | 'ApiUrl' | 'SiteTarget'>;

/**
 * Whether the pages answer where mails say they are. If not, the address that AWS gave the API tells whether the fault is before
 * the API or in it. A domain of `site` replaces that address, and then the kind of the fault tells.
 */
export async function checkPublicUrl(web: Web, outputs: PagesOutputs): Promise<Finding> {
  const { PublicUrl: publicUrl, ApiUrl: apiUrl, SiteTarget: siteTarget } = outputs;
  const problem = await problemAt(web, publicUrl);
  if (!problem) return ok(`${publicUrl} answers`);
  const found = `${publicUrl} ${problem.text}`;
  const beforeApi =
    problem.kind === 'certificate'
      ? 'see that the certificate is for this domain and has not expired'
      : toRecordAdvice(publicUrl, siteTarget);
  if (apiUrl === undefined) return fail(found, problem.kind === 'status' ? PAGES_FAIL : beforeApi);
  if (isSameOrigin(publicUrl, apiUrl)) return fail(found, PAGES_FAIL);
  const apiProblem = await problemAt(web, apiUrl);
  if (apiProblem) return fail(`${found}; ${apiUrl} ${apiProblem.text} too`, PAGES_FAIL);
  return fail(`${found}; ${apiUrl} does answer, so the pages are well`, beforeApi);
}

interface Problem {
  /** `status`: it answers, but not with a page. */
  readonly kind: 'status' | 'certificate' | 'no-answer';
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
    return error.trouble === 'certificate'
      ? { kind: 'certificate', text: `has a certificate that is not trusted: ${error.message}` }
      : { kind: 'no-answer', text: `does not answer: ${error.message}` };
  }
}

function toRecordAdvice(publicUrl: string, siteTarget: string | undefined): string {
  const { hostname } = new URL(publicUrl);
  return siteTarget === undefined
    ? `the address record of ${hostname} must lead to what stands before the API`
    : `write a CNAME record of ${hostname} that leads to ${siteTarget}, or in Route 53 an alias; or set site.hostedZone and deploy`;
}

function isSameOrigin(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin;
}
