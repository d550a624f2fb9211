import { arxivCategoriesSchema } from '../../infra/settings/lists-schema.ts';
import { type Settings, type SettingsInput, settingsSchema } from '../../infra/settings/schema.ts';
import { domainOf } from '../../shared/domain/subscribers/address.ts';
import { typedAddressSchema } from '../../shared/domain/subscribers/typed-address.ts';
import { timeZoneSchema } from '../../shared/domain/time/time-zone.ts';
import * as z from '../../shared/domain/zod.ts';
import { publicationSchema } from '../../shared/presentation/publication.ts';
import { CommandError, PermissionError } from '../deployment/errors.ts';
import type { Target } from '../deployment/find-deployment.ts';
import { domainsAbove } from '../doctor/checks/sender.ts';
import { DnsError, type SendingAccount } from '../doctor/ports.ts';
import type { Ask, HostedZone, InitFlags, InitPorts } from './ports.ts';

const siteShape = settingsSchema.shape.site.unwrap().shape;

function splitCategories(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((category) => category !== '');
}

/** What an operator decides, with the flag for each. A blank answer to an optional one means that it is not wanted. */
const decisions = {
  name: {
    flag: '--name <name>',
    words: 'What is the paper called?',
    schema: publicationSchema.shape.name,
    preset: 'Broadsheet',
  },
  from: {
    flag: '--from <address>',
    words: 'Which address do the mails come from? One at a domain of your own is best.',
    schema: typedAddressSchema,
  },
  operator: {
    flag: '--operator <address>',
    words: 'What is your own address? It gets the alarms and the first digest.',
    schema: typedAddressSchema,
  },
  arxiv: {
    flag: '--arxiv <categories>',
    words:
      'Which categories of arXiv do readers get, beside Hugging Face? Write them like cs.CL, stat.ML, or cs.* for all of an archive. Leave it empty for none.',
    schema: z.string().check(
      z.superRefine((text, context) => {
        for (const category of splitCategories(text)) {
          const issue = arxivCategoriesSchema.safeParse(category).error?.issues[0];
          if (issue) context.addIssue({ code: 'custom', message: `"${category}": ${issue.message}` });
        }
      }),
    ),
    preset: '',
  },
  site: {
    flag: '--site <domain>',
    words: 'Which domain do the pages get? Leave it empty to use the address that AWS gives them.',
    schema: z.union([z.literal(''), siteShape.domainName]),
    preset: '',
  },
  certificate: {
    flag: '--certificate <arn>',
    words: 'Which certificate of AWS Certificate Manager is for that domain? Its ARN, in this region:',
    schema: siteShape.certificateArn,
  },
  timeZone: {
    flag: '--time-zone <zone>',
    words: 'In which time zone do you live?',
    schema: timeZoneSchema,
  },
} as const satisfies Readonly<
  Record<string, { flag: string; words: string; schema: z.ZodMiniType<string>; preset?: string }>
>;

type Decision = keyof typeof decisions;

/** The answers that settings are made of. */
export interface Answers {
  readonly name: string;
  readonly from: string;
  readonly operator: string;
  /** The categories of arXiv that are read. */
  readonly arxiv: readonly string[];
  /** The domain of the pages and its certificate. Undefined for the address that AWS gives them. */
  readonly site?: { readonly domainName: string; readonly certificateArn: string };
}

/** What was found in the account that settings depend on. */
export interface Findings {
  readonly target: Target;
  readonly account: SendingAccount;
  /** The sender's address, or a domain above it, if SES knows one of them already. */
  readonly knownIdentity?: string | undefined;
  /** The zone that holds the sender's domain. */
  readonly senderZone?: HostedZone | undefined;
  /** Whether the sender's domain has a DMARC record. */
  readonly hasDmarc: boolean;
  /** The zone that holds the domain of the pages. */
  readonly siteZone?: HostedZone | undefined;
}

const DECISIONS = Object.keys(decisions) as Decision[];

/**
 * Checks every given flag against its rule, and against the settings file if there is one.
 *
 * @throws CommandError naming each flag that does not fit
 */
export function checkFlags(flags: InitFlags, settings: Settings | undefined): void {
  const faults = DECISIONS.flatMap((name) => {
    const given = flags[name];
    const fault = given === undefined ? undefined : faultOf(name, given);
    return fault === undefined ? [] : [`${flagOf(name)} is ${JSON.stringify(given)}: ${fault}`];
  });
  if (flags.certificate !== undefined && !flags.site)
    faults.push('--certificate is given without a domain: add --site <domain>');
  if (settings && faults.length === 0) faults.push(...differencesFrom(settings, flags));
  if (faults.length > 0) throw new CommandError(faults.join('\n'));
}

/** Returns a fault for each flag that differs from the settings file. The file is never overwritten. */
function differencesFrom(settings: Settings, flags: InitFlags): readonly string[] {
  const { stage, publication, site } = settings;
  const pairs = [
    ['--stage', flags.stage, stage],
    ['--name', flags.name && publicationSchema.shape.name.parse(flags.name), publication.name],
    ['--from', flags.from && typedAddressSchema.parse(flags.from), publication.fromAddress],
    ['--site', flags.site, site?.domainName ?? ''],
    ['--certificate', flags.certificate, site?.certificateArn],
  ] as const;
  return pairs.flatMap(([flag, given, written]) =>
    given === undefined || given === written
      ? []
      : [
          `${flag} is ${JSON.stringify(given)}, but ${flags.settings} says ${JSON.stringify(written ?? '')}. Change the file, or leave the flag out`,
        ],
  );
}

/** `--from` */
function flagOf(name: Decision): string {
  return decisions[name].flag.replace(/ .*/, '');
}

/** Returns the fault of an answer. Undefined for a good one. */
function faultOf(name: Decision, answer: string): string | undefined {
  return decisions[name].schema.safeParse(answer).error?.issues[0]?.message;
}

/** The flags that `init` needs without a terminal, and that are not given. */
export function missingFlags(flags: InitFlags, needed: readonly Decision[]): readonly string[] {
  return needed.filter((name) => flags[name] === undefined).map((name) => decisions[name].flag);
}

/**
 * Returns a decision: the flag, or what is typed. Undefined means Ctrl-C.
 *
 * @param preset what is taken if nothing is typed, and without a terminal. @default that of the decision
 * @throws CommandError for a flag that is missing without a terminal
 */
export async function decide(
  name: Decision,
  flags: InitFlags,
  ask: Ask | undefined,
  preset: string | undefined = presetOf(name),
): Promise<string | undefined> {
  const { flag, words, schema } = decisions[name];
  const given = flags[name];
  if (given !== undefined) return schema.parse(given);
  if (!ask) {
    if (preset !== undefined) return preset;
    throw new CommandError(`There is no terminal to ask on. Add ${flag}.`);
  }
  const answer = await ask({
    words,
    faultOf: (typed) => faultOf(name, typed),
    ...(preset !== undefined && { preset }),
  });
  return answer === undefined ? undefined : schema.parse(answer);
}

function presetOf(name: Decision): string | undefined {
  const decision = decisions[name];
  return 'preset' in decision ? decision.preset : undefined;
}

/** Asks for what the flags leave open. Undefined means Ctrl-C. */
export async function askAll(flags: InitFlags, ask: Ask | undefined): Promise<Answers | undefined> {
  const name = await decide('name', flags, ask);
  const from = name === undefined ? undefined : await decide('from', flags, ask);
  const operator = from === undefined ? undefined : await decide('operator', flags, ask);
  const categories = operator === undefined ? undefined : await decide('arxiv', flags, ask);
  const domainName = categories === undefined ? undefined : await decide('site', flags, ask);
  if (name === undefined || from === undefined || operator === undefined) return undefined;
  if (categories === undefined || domainName === undefined) return undefined;
  const answers = { name, from, operator, arxiv: splitCategories(categories) };
  if (domainName === '') return answers;
  const certificateArn = await decide('certificate', flags, ask);
  return certificateArn === undefined ? undefined : { ...answers, site: { domainName, certificateArn } };
}

/** Looks up what the settings depend on: what SES knows of the sender, the zones, and a DMARC record. */
export async function inspectAccount(
  { say, verification, zones, dns }: Pick<InitPorts, 'say' | 'verification' | 'zones' | 'dns'>,
  { from, site }: Answers,
  target: Target,
  account: SendingAccount,
): Promise<Findings> {
  const domain = domainOf(from);
  /** An operator with zones in another account may not have the permission to list them here. */
  const findZone = (name: string) =>
    zones.find(name).catch((error: unknown) => {
      if (!(error instanceof PermissionError)) throw error;
      say(`Hosted zone of ${name}: not looked for, because ${error.message}`);
      return undefined;
    });
  /** If no name server answers, the record is left as it is, because a deployment that writes a second one fails. */
  const hasDmarcRecord = async (name: string) => {
    try {
      const texts = await dns.fetchTexts(`_dmarc.${name}`);
      return texts.some((text) => text.startsWith('v=DMARC1'));
    } catch (error) {
      if (!(error instanceof DnsError)) throw error;
      say(`DMARC record of ${name}: left as it is, because ${error.message}`);
      return true;
    }
  };
  const candidates = [from, ...domainsAbove(from)];
  const [known, senderZone, siteZone, hasDmarc] = await Promise.all([
    Promise.all(candidates.map(async (name) => (await verification.loadIdentity(name)) && name)),
    findZone(domain),
    site && findZone(site.domainName),
    hasDmarcRecord(domain),
  ]);
  return {
    target,
    account,
    senderZone,
    siteZone,
    // A domain has DKIM, so it is preferred to the address.
    knownIdentity: known.findLast((name) => name !== undefined),
    hasDmarc,
  };
}

/**
 * The settings of a new deployment.
 *
 * An identity that SES knows is used, because a deployment cannot create it a second time. Otherwise the domain is verified
 * if its zone is in the account, because the deployment then writes the DKIM records. Otherwise it is the address.
 */
export function toSettings(stage: Settings['stage'], answers: Answers, found: Findings): SettingsInput {
  const { name, from, operator, arxiv, site } = answers;
  const { target, account, knownIdentity, senderZone, hasDmarc, siteZone } = found;
  const rate = Math.max(1, Math.floor(account.accountRatePerSec));
  const identity = knownIdentity ?? (senderZone && domainOf(from));
  return {
    stage,
    account: target.account,
    region: target.region,
    publication: { name, fromAddress: from },
    ...(identity !== undefined && {
      sender: {
        ...(identity !== from && { identity }),
        ...(knownIdentity === undefined
          ? { hostedZone: senderZone, ...(hasDmarc && { dmarcPolicy: 'unchanged' as const }) }
          : { isVerified: true }),
      },
    }),
    ...(site && { site: { ...site, ...(siteZone && { hostedZone: siteZone }) } }),
    ...(arxiv.length > 0 && { lists: { 'hf-daily': {}, arxiv: { categories: [...arxiv] } } }),
    sending: { accountRatePerSec: rate },
    alarmAddress: operator,
  };
}
