import type { FC } from 'hono/jsx';

/** A text in which backquotes enclose code. The code is set as code. */
export const InlineCode: FC<{ text: string }> = ({ text }) => (
  <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>
);
