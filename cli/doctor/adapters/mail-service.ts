import {
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetConfigurationSetEventDestinationsCommand,
  GetEmailIdentityCommand,
  type MailFromAttributes,
  NotFoundException,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { MailService, SenderIdentity } from '../ports.ts';

/** SES, as its second API tells of it. What it leaves out is taken for the worse. */
export function createMailService(client: SESv2Client): MailService {
  return {
    async loadAccount() {
      const account = await permitted('ses:GetAccount', () => client.send(new GetAccountCommand()));
      const quota = account.SendQuota ?? {};
      return {
        hasProductionAccess: account.ProductionAccessEnabled ?? false,
        isSendingEnabled: account.SendingEnabled ?? false,
        enforcement: account.EnforcementStatus ?? 'unknown',
        max24HourSend: quota.Max24HourSend ?? 0,
        maxRatePerSec: quota.MaxSendRate ?? 0,
        sentLast24Hours: quota.SentLast24Hours ?? 0,
        suppressed: account.SuppressionAttributes?.SuppressedReasons ?? [],
      };
    },

    async loadIdentity(name) {
      const identity = await permitted('ses:GetEmailIdentity', () =>
        orUndefined(client.send(new GetEmailIdentityCommand({ EmailIdentity: name }))),
      );
      const { SigningEnabled = false, Status = 'NOT_STARTED' } = identity?.DkimAttributes ?? {};
      return (
        identity && {
          isVerified: identity.VerifiedForSendingStatus ?? false,
          dkim: { isSigning: SigningEnabled, status: Status },
          ...toMailFrom(identity.MailFromAttributes),
        }
      );
    },

    async loadConfigurationSet(name) {
      const set = await permitted('ses:GetConfigurationSet', () =>
        orUndefined(client.send(new GetConfigurationSetCommand({ ConfigurationSetName: name }))),
      );
      return (
        set && {
          isSendingEnabled: set.SendingOptions?.SendingEnabled ?? true,
          suppressed: set.SuppressionOptions?.SuppressedReasons,
        }
      );
    },

    async loadEventDestinations(configurationSet) {
      const answer = await permitted('ses:GetConfigurationSetEventDestinations', () =>
        orUndefined(
          client.send(
            new GetConfigurationSetEventDestinationsCommand({ ConfigurationSetName: configurationSet }),
          ),
        ),
      );
      return (answer?.EventDestinations ?? []).map(({ Enabled, SnsDestination, MatchingEventTypes }) => ({
        isEnabled: Enabled ?? false,
        topicArn: SnsDestination?.TopicArn,
        events: MatchingEventTypes ?? [],
      }));
    },
  };
}

function toMailFrom(attributes: MailFromAttributes | undefined): Pick<SenderIdentity, 'mailFrom'> {
  const { MailFromDomain, MailFromDomainStatus, BehaviorOnMxFailure } = attributes ?? {};
  if (!MailFromDomain) return {};
  return {
    mailFrom: {
      domain: MailFromDomain,
      status: MailFromDomainStatus ?? 'unknown',
      isRequired: BehaviorOnMxFailure === 'REJECT_MESSAGE',
    },
  };
}

async function orUndefined<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}
