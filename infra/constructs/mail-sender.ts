import { Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnRecordSet, type IHostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import {
  ConfigurationSet,
  type DkimRecord,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { isTrackingEvents, senderIdentityOf } from '../settings/derived.ts';
import type { Settings } from '../settings/schema.ts';
import type { NodeFunction } from './node-function.ts';
import type { TopicKey } from './topic-key.ts';

export interface MailSenderProps {
  readonly settings: Pick<Settings, 'publication' | 'sender' | 'eventTracking' | 'sending'>;
  /** Encrypts events while they are in the topic. */
  readonly topicKey: TopicKey | undefined;
}

/** Always published. Bounces and complaints stop the mails to an address. */
const FEEDBACK = [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT];

/** Published for every mail, if the settings ask for them. They settle a digest with an unknown send status. */
const TRACKING = [EmailSendingEvent.SEND, EmailSendingEvent.DELIVERY];

/** The sender's identity and the configuration set. Through the set SES suppresses addresses and publishes events. */
export class MailSender extends Construct {
  readonly configurationSetName: string;
  /** The address or domain that SES verifies. */
  readonly identity: string;
  /** SES publishes bounces and complaints here. With event tracking it publishes events for every mail. */
  readonly feedbackTopic: Topic;
  readonly #fromAddress: string;

  constructor(scope: Construct, id: string, { settings, topicKey }: MailSenderProps) {
    super(scope, id);
    this.#fromAddress = settings.publication.fromAddress;
    this.identity = senderIdentityOf(settings);
    if (!settings.sender.isVerified) this.#createIdentity(settings.sender);

    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      // SES judges the rates of the whole account, which are free. Rates of the set would cost metrics.
      reputationMetrics: false,
    });
    this.configurationSetName = configurationSet.configurationSetName;
    this.feedbackTopic = new Topic(this, 'FeedbackTopic', {
      enforceSSL: true,
      ...(topicKey && { masterKey: topicKey }),
    });
    configurationSet.addEventDestination('Feedback', {
      destination: EventDestination.snsTopic(this.feedbackTopic),
      events: isTrackingEvents(settings) ? [...FEEDBACK, ...TRACKING] : FEEDBACK,
    });
  }

  /**
   * Grants sending mail from one address with this configuration set.
   *
   * A condition limits the address. The policy cannot name the identity: it may be the address, its domain or a parent
   * domain. In the sandbox SES also checks the recipient's identity.
   *
   * @see https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html (`ses:FromAddress`)
   */
  grantSend(sender: NodeFunction): void {
    const stack = Stack.of(this);
    const arnOf = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'ses', resource, resourceName });
    // cdk-nag writes placeholders for values that are known only at deployment. It writes pinned values in full.
    const shown = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
    const partition = shown(stack.partition, 'Partition');
    const regionAndAccount = `${shown(stack.region, 'Region')}:${shown(stack.account, 'AccountId')}`;
    Validations.of(sender.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${partition}:ses:${regionAndAccount}:identity/*]`,
      reason: 'A condition limits it to the one sender address.',
    });
    sender.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ses:SendRawEmail'],
        resources: [arnOf('identity', '*'), arnOf('configuration-set', this.configurationSetName)],
        conditions: { StringEquals: { 'ses:FromAddress': this.#fromAddress } },
      }),
    );
  }

  /**
   * Grants reading the account's quota and usage. The action accepts no resource.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
   */
  grantReadQuota(reader: NodeFunction): void {
    reader.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['ses:GetSendQuota'], resources: ['*'] }),
    );
  }

  #createIdentity({ hostedZone, dmarcPolicy }: Settings['sender']): void {
    const isAddress = this.identity.includes('@');
    const identity = new EmailIdentity(this, 'Identity', {
      identity: isAddress ? Identity.email(this.identity) : Identity.domain(this.identity),
      // The topic receives the bounces. Copies by mail would only repeat them.
      feedbackForwarding: false,
      ...(hostedZone && { mailFromDomain: mailFromDomainOf(this.identity) }),
    });
    if (!hostedZone) return;
    addSenderRecords(this, {
      zone: PublicHostedZone.fromPublicHostedZoneAttributes(this, 'Zone', {
        hostedZoneId: hostedZone.id,
        zoneName: hostedZone.name,
      }),
      domain: this.identity,
      dkimRecords: identity.dkimRecords,
      dmarcPolicy,
    });
  }
}

interface SenderRecords {
  readonly zone: IHostedZone;
  /** The domain that SES verifies: the domain of the zone, or a subdomain. */
  readonly domain: string;
  readonly dkimRecords: readonly DkimRecord[];
  readonly dmarcPolicy: Settings['sender']['dmarcPolicy'];
}

const TTL = Duration.minutes(30);

/** The bounce domain, `bounce.example.org`. SPF alignment for DMARC requires a subdomain of the sender's domain. */
function mailFromDomainOf(domain: string): string {
  return `bounce.${domain}`;
}

/**
 * Adds the DNS records that authenticate the sender: DKIM, SPF of the bounce domain, and DMARC. With the policy `unchanged` it
 * adds no DMARC record, because a deployment cannot write a record that exists.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/mail-from.html
 * @see https://www.rfc-editor.org/rfc/rfc7489
 */
function addSenderRecords(scope: Construct, props: SenderRecords): void {
  const { zone, domain, dkimRecords, dmarcPolicy } = props;
  const add = (id: string, name: string, type: string, value: string) =>
    new CfnRecordSet(scope, id, {
      hostedZoneId: zone.hostedZoneId,
      name,
      type,
      resourceRecords: [value],
      ttl: String(TTL.toSeconds()),
    });
  for (const [index, { name, value }] of dkimRecords.entries()) add(`Dkim${index + 1}`, name, 'CNAME', value);
  const mailFrom = mailFromDomainOf(domain);
  add('MailFromMx', mailFrom, 'MX', `10 feedback-smtp.${Stack.of(scope).region}.amazonses.com`);
  add('MailFromSpf', mailFrom, 'TXT', '"v=spf1 include:amazonses.com ~all"');
  if (dmarcPolicy !== 'unchanged') add('Dmarc', `_dmarc.${domain}`, 'TXT', `"v=DMARC1; p=${dmarcPolicy}"`);
}
