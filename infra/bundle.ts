import { describeBundle, describeOversized, MAX_BUNDLE_BYTES } from './bundles/bundle-size.ts';
import { bundleAll } from './bundles.ts';

const PARTS_SHOWN = 12;

const bundles = await bundleAll('.build/functions');
for (const bundle of bundles) process.stdout.write(`${describeBundle(bundle, PARTS_SHOWN)}\n\n`);
const oversized = describeOversized(bundles);
if (oversized !== '') {
  process.stderr.write(
    `These bundles load more than ${MAX_BUNDLE_BYTES / 1024} KB at a start:\n${oversized}\n`,
  );
  process.exitCode = 1;
}
