import { type Ending, endings } from '../../../shared/domain/subscribers/subscriber.ts';

/**
 * The beginnings of words for leaving, as {@link toPlain} folds them: without case, accents, blanks and signs. Mailchimp exports in the
 * language of the account, so names of columns and statuses are not only English. Umlauts have both spellings: `geloscht`,
 * `geloescht`.
 *
 * In other scripts, the words come from the translations of listmonk: unsubscribed, disabled, deleted, blocked, and bounces and
 * complaints if it translates them. It has no Thai, so `เลิกบอกรับ` comes from Mozilla. The other words are synonyms in common use.
 *
 * @see https://github.com/knadh/listmonk/tree/master/i18n
 * @see https://github.com/mozilla/blurts-server/blob/main/locales/th/unsubscribe.ftl
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
    ru: `отписан отписал отписк неподписан отказалс удален отключен неактивн`,
    uk: `відписан відписа відписк непідписан відмовив видален вимкнен неактивн`,
    bg: `отписв деактивиран изтрит неабониран`,
    el: `μηεγγεγραμμεν απεγγραφ διαγραφηκ διαγραμμεν απενεργοποιημεν ανενεργ`,
    ar: `ملغيالاشتراك الغاءالاشتراك ملغى معطل محذوف تمحذف غيرمشترك`,
    he: `לאנרשמ לאנרשם לאמנוי הסרהמרשימה הוסר בוטל ביטלמנוי ביטולמנוי נמחק מושבת`,
    ja: `登録解除 購読解除 配信停止 配信解除 解除済 退会 削除 無効 オプトアウト`,
    ko: `구독해지 구독취소 수신거부 수신거절 비활성 삭제 탈퇴 옵트아웃`,
    zh: `退订 退訂 取消订阅 取消訂閱 已取消 已禁用 已停用 停用 已删除 已刪除 删除 刪除`,
    th: `ยกเลิกการ ยกเลิกรับ ยกเลิกสมัคร เลิกรับ เลิกบอกรับ เลิกติดตาม ถูกลบ ปิดใช้งาน`,
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
    ru: `недостав невозможнодостав возвращен возвратписьм отскок очищен`,
    uk: `недостав поверненийлист повернен очищен`,
    bg: `върнат недостав почистен`,
    el: `επιστραφηκ επιστροφημηνυμ απορριφθ εκκαθαρισ`,
    ar: `مرتد ارتداد متعذرالتسليم تمتنظيف`,
    he: `הוחזר הודעהחוזרת נדחה נוקה`,
    ja: `バウンス ハードバウンス ソフトバウンス 不達 配信不能 クリーニング済 クリーン済`,
    ko: `바운스 하드바운스 소프트바운스 반송 정리됨`,
    zh: `退信 硬退 软退 退回 反弹 彈回 已清理 已清除 无法送达 無法送達`,
    th: `ตีกลับ ถูกตีกลับ ส่งไม่ถึง ทำความสะอาด`,
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
    ru: `жалоб спам заблокирован черныйсписок списокблокировки`,
    uk: `скарг спам заблокован чорнийсписок`,
    bg: `оплакв спам чернсписък вчерния блокиран`,
    el: `παραπον αποκλεισμεν αποκλειστ ανεπιθυμητ`,
    ar: `محظور شكوى سبام القائمةالسوداء`,
    he: `תלונ ספאמ ספאם חסומ חסום ברשימתהחסימה רשימהשחורה`,
    ja: `クレーム 苦情 迷惑メール スパム ブロックリスト ブラックリスト ブロック済`,
    ko: `컴플레인 불만 스팸 차단`,
    zh: `投诉 投訴 黑名单 黑名單 列入黑 屏蔽 封锁 封鎖 垃圾邮件 垃圾郵件`,
    th: `ร้องเรียน สแปม บล็อก บล็อค`,
  },
};

/** Words that mean leaving only as whole words. */
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
    .map((stem) => ({ stem: toPlain(stem), ending })),
);

const LEAVING_START = new RegExp(`^(?:${STEMS.map(({ stem }) => stem).join('|')})`);

/** Folds a text: small letters, no accents, blanks and signs. `E-Mail-Adresse` becomes `emailadresse`. */
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

/** Returns the kind of leaving that the name of a column is about, such as `Abgemeldet am` or `Hard bounce reason`. Undefined otherwise. */
export function findEndingIn(name: string): Ending | undefined {
  const words = name.split(/[^\p{L}\p{N}]+/u).map(toPlain);
  const plain = toPlain(name);
  const whole = words.map((word) => WHOLE_WORDS[word]).find((ending) => ending !== undefined);
  return STEMS.find(({ stem }) => plain.includes(stem))?.ending ?? whole;
}

/** The most letters that a word has after its stem: `unsub|scribed`, `cancelad|a`. */
const MAX_SUFFIX_CHARS = 8;
const MAX_STATUS_CHARS = 40;

/** Returns the kind of leaving that a cell of one word means, such as `abgemeldet`. Undefined otherwise. */
export function readEnding(cell: string): Ending | undefined {
  if (cell.length > MAX_STATUS_CHARS) return undefined;
  const plain = toPlain(cell);
  if (!LEAVING_START.test(plain)) return WHOLE_WORDS[plain];
  const found = STEMS.find(
    ({ stem }) => plain.startsWith(stem) && plain.length <= stem.length + MAX_SUFFIX_CHARS,
  );
  return found?.ending;
}

/** The beginnings of words for having joined or agreed, folded. A "no" below such a name says that the person left or never agreed. */
const JOINED = [
  'subscribed subscription optin optedin consent permission active enabled mailable newsletter accepts',
  'abonniert einwilligung zustimmung angemeldet aktiv abonne inscrit consentement actif',
  'suscrit consentimiento activ iscritt consenso attiv consentimento ativ ingeschreven toestemming actief',
  'подписан активн подписк рассылк підписан розсилк абониран 配信 購読 订阅 訂閱 구독',
]
  .flatMap((line) => line.split(' '))
  .map(toPlain);

/** Whether the name of a column is about having joined or agreed, such as `is_subscribed` or `Opted in`. */
export function isAboutJoining(name: string): boolean {
  const plain = toPlain(name);
  return JOINED.some((stem) => plain.includes(stem));
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

/** Returns whether a cell means yes or no. Undefined otherwise. */
export function readYesOrNo(cell: string): boolean | undefined {
  const plain = toPlain(cell);
  if (YES.has(plain)) return true;
  return NO.has(plain) ? false : undefined;
}

/** How programs write a missing value, folded: `NULL`, `(null)`, `N/A` or `\N`. */
const NO_VALUE = /^(?:null|na|none|nil|nan|undefined|never|n|0+)$/;
const DASHES = /^[-–—]+$/;

/** Whether the text of a cell means a missing value. `0000-00-00 00:00:00` does too. */
export function isNoValue(cell: string): boolean {
  return DASHES.test(cell) || NO_VALUE.test(toPlain(cell));
}
