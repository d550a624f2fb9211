import type { Child, FC } from 'hono/jsx';

export interface ActionButtonProps {
  /** What the form says that is to be done. */
  readonly name: string;
  readonly words: string;
  /** The one thing that the page is for. */
  readonly isMain?: boolean;
  /** Hidden fields that go with it. */
  readonly children?: Child;
}

/** A form of one button, because a link that changes something would be followed by programs. */
export const ActionButton: FC<ActionButtonProps> = ({ name, words, isMain = false, children }) => (
  <form method="post">
    {children}
    <button class={isMain ? 'main' : undefined} type="submit" name="action" value={name}>
      {words}
    </button>
  </form>
);
