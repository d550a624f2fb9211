import type { Palette } from '../../presentation/palette.ts';
import { digestMarkup } from './digest-markup.tsx';
import { type Markup, STYLE } from './markup.ts';
import { createStyleSheet, createStyles } from './styles.ts';
import { createTemplate, escapeHtml, type Template } from './template.ts';

/** The parts of a digest's HTML, with a slot for each text that differs from mail to mail. */
export type DigestTemplates = {
  readonly [Part in keyof typeof digestMarkup]: (typeof digestMarkup)[Part] extends Markup<infer Slot>
    ? Template<Slot>
    : never;
};

/** Returns the templates of a digest in the colours of a publication. */
export function createDigestTemplates(palettes: {
  readonly light: Palette;
  readonly dark: Palette;
}): DigestTemplates {
  const styles = new Map(
    Object.entries(createStyles(palettes.light)).map(([name, style]) => [
      `${STYLE}${name}`,
      escapeHtml(style),
    ]),
  );
  styles.set(`${STYLE}sheet`, createStyleSheet(palettes.dark));
  const templates = Object.entries(digestMarkup).map(([part, markup]) => [
    part,
    createTemplate(markup, styles),
  ]);
  return Object.fromEntries(templates);
}
