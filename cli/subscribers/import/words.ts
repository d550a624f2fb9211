import { type Ending, endings } from '../../../shared/domain/subscriber.ts';

/**
 * How words for leaving begin, without accents, blanks and signs. Mailchimp exports in the account's language, so the names of
 * columns and statuses are not only English. Umlauts stand in both spellings: `geloscht`, `geloescht`.
 */
const LEAVING: Readonly<Record<Ending, Readonly<Record<string, string>>>> = {
  unsubscribed: {
    en: `unsub optout optedout optingout donotcontact donotemail donotmail donotsend dontcontact dontemail disable
      delete deletion removed inactive deactivat archived cancelled canceled cancellation revoked withdrawn erased
      objected`,
    de: `abgemeldet abmeld abbestell ausgetragen geloscht geloescht loschung loeschung deaktiviert inaktiv
      gekundigt gekuendigt kundigung kuendigung widerruf widersprochen widerspruch nichtkontaktieren nichtanschreiben
      archiviert entfernt`,
    fr: `desabonn desinscri desactive supprime resilie nepascontacter inactif opposition`,
    es: `cancelad dadodebaja dadadebaja dardebaja fechadebaja fechabaja desuscri desuscrip anulad eliminad borrad
      desactivad deshabilitad suprimid nocontactar inactiv archivad`,
    it: `disiscri cancellat cancellazion annullat eliminat disattivat disabilitat noncontattare inattiv archiviat`,
    pt: `descadastr desinscri cancelou cancelamento desativad desabilitad excluid exclusao apagad naocontatar
      naocontactar inativ arquivad`,
    nl: `afgemeld afmeld uitgeschreven uitschrij opgezegd opzegging verwijderd gewist gedeactiveerd uitgeschakeld
      nietcontacteren nietmailen inactief gearchiveerd`,
    sv: `avregistrer avprenumerer avslutad borttagen raderad kontaktaej avanmald`,
    da: `afmeldt framelding frameldt slettet opsagt deaktiveret`,
    nb: `avmeldt avmelding avsluttet deaktivert`,
    pl: `wypisan rezygnac usuniet nieaktywn dezaktyw`,
  },
  bounced: {
    en: `bounce hardbounce cleaned unreachable undeliver invalidemail invalidaddress`,
    de: `unzustellbar rucklaufer ruecklaeufer zuruckgewiesen zurueckgewiesen bereinigt nichtzustellbar unerreichbar`,
    fr: `rebond nettoye rejete nondistribu nonremis injoignable`,
    es: `rebot rebote limpiad devuelt noentregad rechazad`,
    it: `rimbalz ripulit noncensegnat respint`,
    pt: `devolvid devolucao rejeitad naoentregue limpos`,
    nl: `onbestelbaar opgeschoond geweigerd teruggestuurd onbereikbaar`,
    sv: `studsad rensad`,
    da: `afvist renset`,
    nb: `avvist`,
    pl: `odbit odbici wyczyszczon niedoreczon`,
  },
  complained: {
    en: `complain abuse spam suppress blocklist blacklist blocked denylist`,
    de: `beschwer gesperrt sperrliste unterdruckt unterdrueckt blockiert`,
    fr: `plainte indesirable bloquee listenoire`,
    es: `queja denuncia bloquead listanegra`,
    it: `reclamo reclami segnalat bloccat soppress listanera`,
    pt: `reclama denuncia bloquead suprimid listanegra`,
    nl: `klacht geblokkeerd onderdrukt zwartelijst`,
    sv: `klagomal sparrad blockerad`,
    da: `klaget blokeret`,
    nb: `blokkert`,
    pl: `skarg zablokowan`,
  },
};

/** Words that speak of leaving only when they stand alone. */
const WHOLE_WORDS: Readonly<Record<string, Ending>> = {
  dnc: 'unsubscribed',
  baja: 'unsubscribed',
  bajas: 'unsubscribed',
  bloque: 'complained',
  klage: 'complained',
};

const STEMS = [...endings].reverse().flatMap((ending) =>
  Object.values(LEAVING[ending])
    .flatMap((stems) => stems.split(/\s+/))
    .map((stem) => ({ stem, ending })),
);

const LEAVING_START = new RegExp(`^(?:${STEMS.map(({ stem }) => stem).join('|')})`);

/** A text in small letters, without accents, blanks and signs: `E-Mail-Adresse` is `emailadresse`. */
export function toPlain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('ł', 'l');
}

/** What the name of a column says of those who left, like `Abgemeldet am` or `Hard bounce reason`; undefined if it does not. */
export function findEndingIn(name: string): Ending | undefined {
  const words = name.split(/[^\p{L}\p{N}]+/u).map(toPlain);
  const plain = toPlain(name);
  const whole = words.map((word) => WHOLE_WORDS[word]).find((ending) => ending !== undefined);
  return STEMS.find(({ stem }) => plain.includes(stem))?.ending ?? whole;
}

/** A word may have this many letters more than its stem: `unsub|scribed`, `cancelad|a`. */
const MAX_SUFFIX_CHARS = 8;
const MAX_STATUS_CHARS = 40;

/** What a cell says that holds one word for leaving, like `abgemeldet`; undefined for anything else. */
export function readEnding(cell: string): Ending | undefined {
  if (cell.length > MAX_STATUS_CHARS) return undefined;
  const plain = toPlain(cell);
  if (!LEAVING_START.test(plain)) return WHOLE_WORDS[plain];
  const found = STEMS.find(
    ({ stem }) => plain.startsWith(stem) && plain.length <= stem.length + MAX_SUFFIX_CHARS,
  );
  return found?.ending;
}

const YES = new Set(
  ['true', 'yes', 'y', 'x', '1', 'ja', 'oui', 'si', 'sim', 'wahr', 'vrai', 'verdadero', 'vero', 'waar'].map(
    toPlain,
  ),
);
const NO = new Set(
  ['false', 'no', 'n', '0', 'nein', 'non', 'nao', 'nee', 'falsch', 'faux', 'falso', 'onwaar', 'never'].map(
    toPlain,
  ),
);

/** What a cell says that answers yes or no; undefined for anything else. */
export function readYesOrNo(cell: string): boolean | undefined {
  const plain = toPlain(cell);
  return YES.has(plain) ? true : NO.has(plain) ? false : undefined;
}

/** How programs write that there is no value: `NULL`, `(null)`, `N/A` or `\N`, plain, or a dash. */
const NO_VALUE = /^(?:null|na|none|nil|nan|undefined|never|n|0+)$/;
const DASHES = /^[-–—]+$/;

/** Whether a cell holds text that stands for a blank cell. `0000-00-00 00:00:00` is such a text too. */
export function isNoValue(cell: string): boolean {
  return DASHES.test(cell) || NO_VALUE.test(toPlain(cell));
}
