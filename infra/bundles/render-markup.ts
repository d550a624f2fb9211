import type { Plugin } from 'esbuild';
import { digestMarkup } from '../../shared/mail/html/digest-markup.tsx';

/** Renders the HTML of digests now, so a start neither renders it nor loads the renderer. */
export const renderMarkup: Plugin = {
  name: 'render-markup',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]shared[\\/]mail[\\/]html[\\/]digest-markup\.tsx$/ }, () => ({
      contents: `export const digestMarkup = ${JSON.stringify(digestMarkup)};`,
    }));
  },
};
