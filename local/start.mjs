import { importTranslated } from '../cli/translate.mjs';

await importTranslated('local/start.ts');
