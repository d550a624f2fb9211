import { type Finding, fail, ok } from '../finding.ts';
import { type Web, WebError } from '../ports.ts';

/** Whether the pages answer where mails say they are; where not, whether they do at the address that AWS gave. */
export async function checkPublicUrl(web: Web, publicUrl: string, apiUrl: string): Promise<Finding> {
  const problem = await problemAt(web, publicUrl);
  if (!problem) return ok(`${publicUrl} answers`);
  const found = `${publicUrl} ${problem.text}`;
  if (isSameOrigin(publicUrl, apiUrl)) return fail(found, 'docs/operating.md, "The pages fail"');
  const apiProblem = await problemAt(web, apiUrl);
  if (apiProblem)
    return fail(`${found}; ${apiUrl} ${apiProblem.text} too`, 'docs/operating.md, "The pages fail"');
  return fail(`${found}; ${apiUrl} does answer, so the pages are well`, problem.advice);
}

async function problemAt(web: Web, url: string) {
  const lead = 'the address record of the domain must lead to the API, or to what stands before it';
  try {
    const { status, location } = await web.fetch({ method: 'GET', url: new URL('/', url) });
    if (status === 200) return undefined;
    return {
      text: `answers ${status}${location ? ` and leads to ${location}` : ''}, expected 200`,
      advice: lead,
    };
  } catch (error) {
    if (!(error instanceof WebError)) throw error;
    const isCertificate = error.trouble === 'certificate';
    return {
      text: `${isCertificate ? 'has a certificate that is not trusted' : 'does not answer'}: ${error.message}`,
      advice: isCertificate ? 'see that the certificate is for this domain and has not expired' : lead,
    };
  }
}

function isSameOrigin(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin;
}
