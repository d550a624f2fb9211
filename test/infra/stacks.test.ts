/**
 * All tests of the synthesised stacks. They share one file because loading the CDK takes seconds, and Jest would load it
 * again for each file. Run one group by its title: `npm test -- test/infra/stacks.test.ts -t monitoring`.
 */
import './stacks/cdn.ts';
import './stacks/checks.ts';
import './stacks/cost.ts';
import './stacks/edition-costs.ts';
import './stacks/environment.ts';
import './stacks/invariants.ts';
import './stacks/least-privilege.ts';
import './stacks/monitoring.ts';
import './stacks/settings-effects.ts';
