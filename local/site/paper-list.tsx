import type { FC } from 'hono/jsx';
import { type Paper, toAbstractUrl } from '../../shared/domain/paper.ts';
import { toCountText } from '../../shared/mail/wording.ts';

/** Papers as a numbered list: title, then votes, organisation and authors. */
export const PaperList: FC<{ papers: readonly Paper[] }> = ({ papers }) => (
  <ol class="papers">
    {papers.map((paper) => (
      <li key={paper.id}>
        <p class="title">
          <a href={toAbstractUrl(paper.id)}>{paper.title}</a>
        </p>
        <p class="faint">{toMeta(paper)}</p>
      </li>
    ))}
  </ol>
);

/** The style of {@link PaperList}. */
export const PAPER_LIST_STYLE = `
ol.papers { margin: 0; padding: 0; border-top: 1px solid var(--ink); list-style: none; }
ol.papers li { padding: .7rem 0; border-bottom: 1px solid var(--line); }
ol.papers .title { margin: 0; font: 700 1.05rem/1.35 var(--serif); overflow-wrap: anywhere; }
ol.papers .title a { text-decoration: none; }
ol.papers .faint { margin: .1rem 0 0; }
`;

function toMeta({ upvotes, organisation, authorCount, comments }: Paper): string {
  const parts = [
    toCountText(upvotes, 'vote'),
    organisation,
    toCountText(authorCount, 'author'),
    comments > 0 ? toCountText(comments, 'comment') : undefined,
  ];
  return parts.filter(Boolean).join(' · ');
}
