import { MailDocument, Masthead } from '../../../shared/mail/html/mail-document.tsx';
import { createStyles } from '../../../shared/mail/html/styles.ts';
import { toPalettes } from '../../../shared/presentation/palette.ts';
import { VotesChart } from '../../../shared/web/papers/paper/votes-chart.tsx';
import { Page } from '../../../shared/web/parts/page.tsx';
import { ShareTags } from '../../../shared/web/parts/sharing.tsx';
import { TimeZoneScript } from '../../../shared/web/parts/time-zone-script.tsx';

const TEXT = `A "quoted" name & <more> of it's`;

/** Returns the HTML of a page and a mail. They have the elements that hono treats in its own way, and texts to escape. */
export function probePages(): readonly string[] {
  const publication = { name: TEXT, publicUrl: 'https://daily.example.org' };
  const metadata = { path: '/', description: TEXT, image: { path: '/cards/1.png', alt: TEXT } };
  const voteCounts = [1, 2].map((upvotes) => ({
    at: `2026-01-0${upvotes}T08:00:00.000Z`,
    upvotes,
    comments: 0,
  }));
  const styles = createStyles(toPalettes({ accentColour: '#a02020' }).light);
  const head = <ShareTags publication={publication} title={TEXT} metadata={metadata} />;
  const pages = [
    <Page
      title={TEXT}
      masthead={TEXT}
      accents={{ accentColour: '#a02020' }}
      head={head}
      bodyClass={undefined}
    >
      <VotesChart voteCounts={voteCounts} today="2026-01-05" />
      <form method="post" action="/manage?a=1&b=2">
        <input name="address" value={TEXT} required disabled={false} />
        <button type="submit">{[TEXT, 1, null, false, [<b>{TEXT}</b>]]}</button>
      </form>
      <TimeZoneScript />
    </Page>,
    <MailDocument title={TEXT} preheader={TEXT} styles={styles} styleSheet=".ink{color:red}">
      <Masthead name={TEXT} day="Monday" unsubscribe="https://daily.example.org/?a=1&b=2" styles={styles} />
    </MailDocument>,
  ];
  return pages.map(String);
}
