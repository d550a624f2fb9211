import { type Publication, publicationSchema } from '../shared/mail/publication.ts';

/** The publication of a copy on one machine. Nothing it mails leaves the machine. */
export function createLocalPublication(publicUrl: string): Publication {
  return publicationSchema.parse({
    name: 'Broadsheet',
    fromAddress: 'papers@broadsheet.example',
    publicUrl,
    listId: 'daily.broadsheet.example',
  });
}
