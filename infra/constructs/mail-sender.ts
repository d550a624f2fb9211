import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ConfigurationSet, SuppressionReasons } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';

export interface MailSenderProps {
  /** Every mail comes from this address: `papers@example.org`. */
  readonly fromAddress: string;
}

/** The configuration set that mails are sent under: who bounced or complained is not mailed again. */
export class MailSender extends Construct {
  readonly configurationSetName: string;
  readonly #fromAddress: string;

  constructor(scope: Construct, id: string, { fromAddress }: MailSenderProps) {
    super(scope, id);
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      reputationMetrics: true,
    });
    this.configurationSetName = configurationSet.configurationSetName;
    this.#fromAddress = fromAddress;
  }

  /**
   * Lets somebody send mail from the one address, under this configuration set.
   *
   * The address is what bounds it. The identity cannot be named: an operator may have verified the address, its domain or
   * a domain above that, and while the account is in the sandbox SES asks for the recipient's identity as well.
   *
   * @see https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html (`ses:FromAddress`)
   */
  grantSend(sender: IGrantable): void {
    const stack = Stack.of(this);
    const arnOf = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'ses', resource, resourceName });
    sender.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ses:SendRawEmail'],
        resources: [arnOf('identity', '*'), arnOf('configuration-set', this.configurationSetName)],
        conditions: { StringEquals: { 'ses:FromAddress': this.#fromAddress } },
      }),
    );
  }
}
