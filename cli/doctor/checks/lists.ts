import type { PipelineOutputs } from '../../../infra/outputs.ts';
import { type ListsSettings, toListsOutput } from '../../../infra/settings/lists-schema.ts';
import { type Finding, ok, warn } from '../diagnosis.ts';
import { type Web, WebError } from '../ports.ts';

const CHOOSE = 'docs/operating.md, "Choosing the lists"';

/** Checks whether the deployment reads the lists of the settings. */
export function checkLists(
  lists: ListsSettings,
  { Lists: deployed }: Pick<PipelineOutputs, 'Lists'>,
): Finding {
  const wanted = toListsOutput(lists);
  if (deployed === wanted) return ok(`those of the settings: ${describe(wanted)}`);
  if (deployed === undefined) return warn('unknown: this version did not say which lists it reads', CHOOSE);
  return warn(
    `deployed are ${describe(deployed)}, and the settings have ${describe(wanted)}`,
    `deploy the settings. ${CHOOSE}`,
  );
}

function describe(lists: string): string {
  return lists.startsWith('sha256:') ? 'others' : lists.replaceAll(',', ', ');
}

/** Where arXiv is asked whether it answers, unless the settings have another address. It serves this small file to everybody. */
const ARXIV_URL = 'https://rss.arxiv.org/robots.txt';

/** Checks whether arXiv can be reached from here. It sends one request, because arXiv allows few. */
export async function checkArxiv(web: Web, address = ARXIV_URL): Promise<Finding> {
  const url = new URL(address);
  try {
    const { status } = await web.fetch({ method: 'HEAD', url });
    if (status < 500 && status !== 429) return ok(`${url.host} answers`);
    return warn(`${url.host} answers ${status}`, 'try again later. Ingest waits and catches up by itself');
  } catch (error) {
    if (!(error instanceof WebError)) throw error;
    return warn(
      `${url.host} cannot be reached from here: ${error.message}`,
      'look at the last read of its lists above. If it is old, arXiv does not answer the deployment either',
    );
  }
}
