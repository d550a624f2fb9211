import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { openCsvFile } from '../../../../cli/subscribers/csv.ts';
import { createDeployment } from './run-import.ts';

/** Files that other tools come with; they lie beside the repository where there is a copy. */
const FOLDER = fileURLToPath(new URL('../../../../../shared/recordings/csv/', import.meta.url));

const isThere = existsSync(FOLDER);
if (!isThere) process.stdout.write(`skipped: there are no recorded CSV files at ${FOLDER}\n`);

(isThere ? describe : describe.skip)('recorded files', () => {
  test.each([
    ['keila_import_malformed1.csv', ['foo@example.com', 'foo2@example.com', 'foo3@example.com'], {}],
    ['keila_import_rfc_4180_with_status.csv', ['active@example.com', 'empty@example.com'], { inactive: 2 }],
    ['keila_import_template.csv', ['jane@example.com', 'john@example.com'], {}],
    ['keila_import_with_data.csv', ['foo-1@example.com', 'foo-2@example.com'], {}],
    [
      'listmonk_subs-domain-blocklist.csv',
      ['noban1-import@mail.com', 'ban1-import@BAN.net', 'noban2-import1@mail.com', 'ban2-import@ban.ORG'],
      {},
    ],
    ['ghost_members-formula-like-values.csv', ['formula@example.com', 'formula2@example.com'], {}],
  ])('%s: asks the people who may be asked', async (name, asked, others) => {
    const { run, requests } = createDeployment();

    const { code, counts } = await run(await openCsvFile(`${FOLDER}${name}`));

    expect({ code, counts }).toEqual({ code: 0, counts: { asked: asked.length, ...others } });
    expect(requests.map(({ address }) => address)).toEqual(asked);
  });

  test('keep the status of people who left or are unreachable', async () => {
    const { run, load } = createDeployment();

    await run(await openCsvFile(`${FOLDER}keila_import_rfc_4180_with_status.csv`));

    expect((await load('unsubscribed@example.com'))?.status).toBe('unsubscribed');
    expect((await load('unreachable@example.com'))?.status).toBe('bounced');
  });
});
