import type { Child } from 'hono/jsx';
import { Page } from './page.tsx';

export interface MessagePageProps {
  /** The name on the masthead. */
  readonly publication: string;
  readonly heading: string;
  readonly children: Child;
}

/** A page that says one thing. */
export function MessagePage({ publication, heading, children }: MessagePageProps) {
  return (
    <Page title={heading === publication ? heading : `${heading} · ${publication}`} masthead={publication}>
      <h1>{heading}</h1>
      {children}
    </Page>
  );
}
