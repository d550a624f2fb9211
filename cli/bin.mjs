#!/usr/bin/env node
import { importTranslated } from './translate.mjs';

const { main } = await importTranslated('cli/broadsheet.ts');
await main();
