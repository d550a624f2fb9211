import type { DigestContent } from '../digest-content.ts';
import type { Palette } from '../palette.ts';
import { toPreheader } from '../subject.ts';
import { Footer } from './footer.tsx';
import { MailDocument } from './mail-document.tsx';
import { Masthead } from './masthead.tsx';
import { Section } from './section.tsx';
import { createStyleSheet, createStyles } from './styles.ts';

/** A digest as an HTML document for mail programs. All texts are escaped. */
export function renderHtml(
  content: DigestContent,
  palettes: { readonly light: Palette; readonly dark: Palette },
): string {
  const { name, day, sections, links } = content;
  const styles = createStyles(palettes.light);
  const document = (
    <MailDocument
      title={`${name}, ${day}`}
      preheader={toPreheader(content)}
      styles={styles}
      styleSheet={createStyleSheet(palettes.dark)}
    >
      <Masthead name={name} day={day} unsubscribe={links.unsubscribe} styles={styles} />
      {sections.map((section) => (
        <Section section={section} styles={styles} />
      ))}
      <Footer content={content} styles={styles} />
    </MailDocument>
  );
  return `<!DOCTYPE html>\n${document.toString()}\n`;
}
