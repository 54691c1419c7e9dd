import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FaultPlanError, parseFaultPlan } from '../../../mock-kraken/index.ts';
import type { FaultPlan } from '../../../mock-kraken/index.ts';
import { UsageError } from '../../usage-error.ts';

/**
 * Reads a fault plan that the user wrote, or that an earlier run left behind as `faults.json`.
 * @throws {UsageError} when there is no such file, or it holds no plan
 */
export function readFaultPlan(path: string, cwd: string): FaultPlan {
  const plan = parseJson(path, readText(path, cwd));
  try {
    return parseFaultPlan(plan);
  } catch (error) {
    if (!(error instanceof FaultPlanError)) throw error;
    throw new UsageError(`${path}: ${error.message}`, error);
  }
}

function readText(path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (cause) {
    const observed = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Failed to read fault plan ${path}: ${observed}. Name a file that can be read.`,
      cause,
    );
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(
      `Failed to read fault plan ${path}: it is not JSON. Write one as its JSON Schema says.`,
      cause,
    );
  }
}
