import { tableOf } from '../markdown-table.ts';
import { settingsExamples } from './examples.ts';
import { groupsOf } from './reference.ts';
import { settingsSchema } from './schema.ts';

/** The reference of all settings, `docs/settings.md`. */
export function toSettingsPage(): string {
  const sections = [
    '# Settings',
    'What an operator can set, and what it is where nobody does. Generated from `infra/settings/schema.ts` by `npm run docs`.',
    '## How to hand them over',
    `Write them into a JSON file, one for each stage, and name it to every command:

\`\`\`sh
cp settings.example.json prod.json # and set its stage to prod
npx broadsheet deploy --settings prod.json
\`\`\`

No command works without a file, and none looks for another one. Git ignores \`dev.json\` and \`prod.json\`. With \`npx cdk\` the file is
\`-c settings=prod.json\`. A name that is no setting, a value that does not fit and values that contradict each other are refused before anything
is deployed, all at once, each with what is expected.

The fewest, for a try:`,
    toJsonBlock(settingsExamples.dev),
    'All of them, for a deployment that is kept, with a domain whose zone is in Route 53. Leave out what you do not need:',
    toJsonBlock(settingsExamples.prod),
    'Below each setting has its full name, as messages use it. What is required in an optional group is required only with that group.',
    ...groupsOf(settingsSchema).flatMap(({ title, description, settings }) => [
      `## ${title}`,
      description,
      tableOf(
        ['Setting', 'Values', 'Default', 'Meaning'],
        settings.map(({ name, values, fallback = '', description: meaning }) => [
          `\`${name}\``,
          values,
          fallback,
          meaning,
        ]),
      ),
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function toJsonBlock(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  const text = json.replace(/\[[\d,\s]+\]/g, (numbers) =>
    JSON.stringify(JSON.parse(numbers)).replaceAll(',', ', '),
  );
  return `\`\`\`json\n${text}\n\`\`\``;
}
