import { Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { senderIdentityOf } from '../settings/derived.ts';
import type { Settings } from '../settings/schema.ts';
import type { NodeFunction } from './node-function.ts';
import { addSenderRecords, mailFromDomainOf } from './sender-records.ts';
import type { TopicKey } from './topic-key.ts';

export interface MailSenderProps {
  readonly settings: Pick<Settings, 'publication' | 'sender' | 'eventTracking'>;
  /** Encrypts events while the topic holds them. */
  readonly topicKey: TopicKey | undefined;
}

/** Told in any case: who bounced or complained must not be mailed again. */
const FEEDBACK = [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT];

/** Told of every mail: what settles a digest whose answer was lost. */
const TRACKING = [EmailSendingEvent.SEND, EmailSendingEvent.DELIVERY];

/** The identity that mails come from, and the configuration set under which SES suppresses and tells what became of them. */
export class MailSender extends Construct {
  readonly configurationSetName: string;
  /** The address or domain that SES verifies. */
  readonly identity: string;
  /** Where SES tells of bounces and complaints, and with event tracking of every mail. */
  readonly feedbackTopic: Topic;
  readonly #fromAddress: string;

  constructor(scope: Construct, id: string, { settings, topicKey }: MailSenderProps) {
    super(scope, id);
    this.#fromAddress = settings.publication.fromAddress;
    this.identity = senderIdentityOf(settings);
    if (!settings.sender.isVerified) this.#createIdentity(settings.sender);

    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      // The rates of the whole account are free, always there, and what SES judges by; those of the set would cost metrics.
      reputationMetrics: false,
    });
    this.configurationSetName = configurationSet.configurationSetName;
    this.feedbackTopic = new Topic(this, 'FeedbackTopic', {
      enforceSSL: true,
      ...(topicKey && { masterKey: topicKey }),
    });
    configurationSet.addEventDestination('Feedback', {
      destination: EventDestination.snsTopic(this.feedbackTopic),
      events: settings.eventTracking ? [...FEEDBACK, ...TRACKING] : FEEDBACK,
    });
  }

  /**
   * Lets somebody send mail from the one address, under this configuration set.
   *
   * The address is what bounds it. The identity cannot be named: an operator may have verified the address, its domain or
   * a domain above that, and while the account is in the sandbox SES asks for the recipient's identity as well.
   *
   * @see https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html (`ses:FromAddress`)
   */
  grantSend(sender: NodeFunction): void {
    const stack = Stack.of(this);
    const arnOf = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'ses', resource, resourceName });
    // cdk-nag names what only the deployment knows, and writes out what the settings pin.
    const shown = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
    const partition = shown(stack.partition, 'Partition');
    const place = `${shown(stack.region, 'Region')}:${shown(stack.account, 'AccountId')}`;
    Validations.of(sender.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${partition}:ses:${place}:identity/*]`,
      reason: 'Bounded by the one address that it may send from.',
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
   * Lets somebody read what the account may send and has sent. The action takes no resource.
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
      // The topic tells of bounces; the copies by mail that SES sends otherwise would only tell it twice.
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
