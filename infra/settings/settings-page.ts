import { tableOf } from '../markdown-table.ts';
import { settingsExamples } from './examples.ts';
import { groupsOf } from './reference.ts';
import { settingsSchema } from './schema.ts';

/** Returns the text of `docs/settings.md`, the reference of all settings. */
export function toSettingsPage(): string {
  const sections = [
    '# Settings',
    'Each setting of a deployment, with its default. `npm run docs` generates this page from `infra/settings/schema.ts`.',
    '## The settings file',
    `Write your settings into a JSON file, one for each stage. To begin, copy the example and set \`stage\` to \`prod\`:

\`\`\`sh
cp settings.example.json prod.json
\`\`\`

Pass the file to every command:

\`\`\`sh
npx broadsheet deploy --settings prod.json
\`\`\`

Every command needs the file, and \`init\` writes it. Git ignores \`dev.json\` and \`prod.json\`. For \`npx cdk\` write \`-c settings=prod.json\`. A command checks the file before it does
anything. It lists all unknown names and wrong values together, and says what it expects. It compares settings with each other only if each of them is valid.

The shortest file, to try it out:`,
    toJsonBlock(settingsExamples.dev),
    'A file with almost every setting, for a deployment in production. Its domain has a hosted zone in Route 53. Leave out what you do not need, and replace `originSecret`:',
    toJsonBlock(settingsExamples.prod),
    'The tables show the full name of each setting, as messages do. A required setting of an optional group is required only if you use the group.',
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
