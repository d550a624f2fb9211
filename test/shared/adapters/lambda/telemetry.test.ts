import { Console } from 'node:console';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLambdaTelemetry } from '../../../../shared/adapters/lambda/telemetry.ts';
