import { writeFileSync } from 'node:fs';
import { toCostPage } from './cost/cost-page.ts';
import { synthesizeLevels } from './cost/synthesize.ts';
import { toSettingsPage } from './settings/settings-page.ts';

/** The pages that are generated, written anew by `npm run docs`; tests tell when one of them is old. */
const pages = {
  'docs/settings.md': toSettingsPage(),
  'docs/cost.md': toCostPage(synthesizeLevels()),
};

for (const [path, text] of Object.entries(pages)) {
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}
