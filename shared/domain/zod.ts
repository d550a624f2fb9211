import * as z from 'zod/mini';
import toEnglish from 'zod/v4/locales/en.js';

// The small variant has no texts for its errors by itself.
z.config(toEnglish());

/** The small variant of zod. A function bundles only the kinds of schemas that it uses. */
export * from 'zod/mini';
