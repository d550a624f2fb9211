import { writeFileSync } from 'node:fs';
import { createOpenApi } from '../shared/web/v1/openapi.ts';
import { toCostPage } from './cost/cost-page.ts';
import { synthesizeLevels } from './cost/synthesize.ts';
import { toSettingsPage } from './settings/settings-page.ts';

/** What is generated, written anew by `npm run docs`; tests tell when one of them is old. */
const pages = {
  'docs/settings.md': toSettingsPage(),
  'docs/cost.md': toCostPage(synthesizeLevels()),
  'shared/web/v1/openapi.json': `${JSON.stringify(createOpenApi(), undefined, 2)}\n`,
};

for (const [path, text] of Object.entries(pages)) {
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}
