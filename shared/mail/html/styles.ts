import type { Palette } from '../../presentation/palette.ts';

const SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
/** The typeface of titles. */
export const SERIF = "Georgia,'Times New Roman',serif";

/** Inline styles by element. Mail programs that drop the style sheet show light mode with only these. */
export type Styles = ReturnType<typeof createStyles>;

/** Returns the inline styles in the colours of light mode. */
export function createStyles({ ground, ink, dim, rule, accent, mark }: Palette) {
  const small = `font-size:13px;line-height:20px;color:${dim}`;
  return {
    body: `margin:0;padding:0;background-color:${ground}`,
    hidden: 'display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;mso-hide:all',
    frame: 'max-width:640px;margin:0 auto',
    page: `padding:32px 24px 40px;font-family:${SANS}`,
    table: 'width:100%;border-collapse:collapse',
    name: `margin:0;padding:0 0 14px;font-family:${SERIF};font-size:42px;line-height:48px;font-weight:700;letter-spacing:-0.5px;text-align:center;color:${ink}`,
    dateline: `padding:7px 0;border-top:3px double ${ink};border-bottom:1px solid ${ink};font-family:${SANS};font-size:13px;line-height:20px;color:${ink}`,
    right: 'text-align:right',
    heading: `padding:34px 0 10px;font-family:${SANS}`,
    lists: `margin:0;font-size:14px;line-height:20px;font-weight:700;letter-spacing:0.2px;color:${accent}`,
    query: `margin:2px 0 0;font-family:${SERIF};font-size:16px;line-height:24px;font-style:italic;color:${ink};word-break:break-word`,
    votes: `width:48px;padding:17px 8px 0 0;border-top:1px solid ${rule};font-family:${SANS};font-size:12px;line-height:14px;color:${dim};vertical-align:top`,
    count: `font-size:18px;line-height:22px;font-weight:700;color:${accent}`,
    card: `padding:14px 0 18px;border-top:1px solid ${rule};font-family:${SANS};vertical-align:top;word-break:break-word`,
    title: `margin:0;font-family:${SERIF};font-size:20px;line-height:26px;font-weight:700;color:${ink}`,
    titleLink: `color:${ink};text-decoration:none`,
    meta: `margin:4px 0 0;${small}`,
    excerpt: `margin:8px 0 0;font-size:15px;line-height:23px;color:${ink}`,
    reason: `margin:8px 0 0;font-family:${SERIF};font-size:14px;line-height:20px;font-style:italic;color:${dim}`,
    more: `padding:12px 0 0;border-top:1px solid ${rule};font-family:${SANS};font-size:14px;line-height:20px;color:${ink}`,
    footer: `padding:16px 0 0;border-top:3px double ${ink};font-family:${SANS};word-break:break-word;${small}`,
    line: `margin:0 0 10px;${small}`,
    list: `margin:0 0 10px;padding:0 0 0 18px;${small}`,
    quietLink: `color:${dim};text-decoration:underline`,
    link: `color:${accent};text-decoration:underline`,
    mark: `background-color:${mark};color:${ink}`,
    strong: `font-weight:700;color:${ink}`,
  } as const;
}

/** Returns the style sheet for dark mode and narrow screens. Outlook needs its own selectors. The classes name colours. */
export function createStyleSheet({ ground, ink, dim, rule, accent, mark }: Palette): string {
  const colours: Readonly<Record<string, string>> = {
    '.ground': `background-color:${ground} !important`,
    '.ink': `color:${ink} !important`,
    '.dim': `color:${dim} !important`,
    '.accent': `color:${accent} !important`,
    '.rule': `border-color:${rule} !important`,
    '.mark': `background-color:${mark} !important`,
    '.bar': `border-color:${ink} !important`,
  };
  const dress = (prefix: string) =>
    Object.entries(colours).map(([name, style]) => `${prefix}${name}{${style}}`);
  return [
    ':root{color-scheme:light dark;supported-color-schemes:light dark}',
    `@media (prefers-color-scheme:dark){${dress('').join('')}}`,
    ...dress('[data-ogsc] ').filter((rules) => !rules.includes('background')),
    ...dress('[data-ogsb] ').filter((rules) => rules.includes('background')),
    '@media (max-width:480px){.page{padding:20px 16px 32px !important}.name{font-size:34px !important;line-height:40px !important}' +
      '.votes{width:36px !important}.title{font-size:18px !important;line-height:24px !important}}',
  ].join('\n');
}
