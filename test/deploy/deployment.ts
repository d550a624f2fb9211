import * as z from 'zod';
import { dataOutputsSchema, pipelineOutputsSchema } from '../../cli/deployment/find-deployment.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import { openRepositories } from '../../local/repositories.ts';
import { createErrorTelemetry } from '../../local/telemetry.ts';
import { createSecretKeyring } from '../../shared/adapters/secrets/keyring.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import type { CdkDeployment } from './cdk.ts';
import type { Cloud } from './cloud.ts';

/** A deployment in the cloud, with clients and tables. */
export type Deployment = ReturnType<typeof openDeployment>;

/**
 * Opens a stage by the outputs of its stacks, as an operator's programs may.
 *
 * @throws ZodError that names every missing output
 */
export function openDeployment(cloud: Cloud, stage: 'dev' | 'prod', { outputs }: CdkDeployment) {
  const stacks = stackNamesOf(stage);
  const data = dataOutputsSchema.parse(outputs[stacks.data]);
  const pipeline = pipelineOutputsSchema.parse(outputs[stacks.pipeline]);
  const tables = {
    papers: data.PapersTable,
    subscribers: data.SubscribersTable,
    deliveries: data.DeliveriesTable,
  };
  const keyring = createSecretKeyring({
    client: cloud.secrets,
    secretId: data.KeysSecret,
    clock: systemClock,
    telemetry: createErrorTelemetry(() => undefined),
  });
  return {
    cloud,
    stacks,
    tables,
    keyring,
    secret: data.KeysSecret,
    ...pipeline,
    ApiUrl: z.url().parse(pipeline.ApiUrl),
    repositories: openRepositories(cloud.documents, tables, systemClock),
  };
}
