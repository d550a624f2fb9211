import type { PipelineOutputs } from '../../../infra/outputs.ts';
import { type Finding, fail, ok } from '../finding.ts';
import { type Web, WebError } from '../ports.ts';

/** Where the pages are, as the outputs of a deployment name it. */
type PagesOutputs = Pick<PipelineOutputs, 'PublicUrl' | 'ApiUrl' | 'SiteTarget'>;

/** Whether the pages answer where mails say they are; where not, whether they do at the address that AWS gave. */
export async function checkPublicUrl(web: Web, outputs: PagesOutputs): Promise<Finding> {
  const { PublicUrl: publicUrl, ApiUrl: apiUrl, SiteTarget: siteTarget } = outputs;
  const problem = await problemAt(web, publicUrl);
  if (!problem) return ok(`${publicUrl} answers`);
  const found = `${publicUrl} ${problem.text}`;
  if (isSameOrigin(publicUrl, apiUrl)) return fail(found, 'docs/operating.md, "The pages fail"');
  const apiProblem = await problemAt(web, apiUrl);
  if (apiProblem)
    return fail(`${found}; ${apiUrl} ${apiProblem.text} too`, 'docs/operating.md, "The pages fail"');
  return fail(
    `${found}; ${apiUrl} does answer, so the pages are well`,
    problem.isCertificate
      ? 'see that the certificate is for this domain and has not expired'
      : toRecordAdvice(publicUrl, siteTarget),
  );
}

async function problemAt(web: Web, url: string) {
  try {
    const { status, location } = await web.fetch({ method: 'GET', url: new URL('/', url) });
    if (status === 200) return undefined;
    return {
      text: `answers ${status}${location ? ` and leads to ${location}` : ''}, expected 200`,
      isCertificate: false,
    };
  } catch (error) {
    if (!(error instanceof WebError)) throw error;
    const isCertificate = error.trouble === 'certificate';
    return {
      text: `${isCertificate ? 'has a certificate that is not trusted' : 'does not answer'}: ${error.message}`,
      isCertificate,
    };
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
