import { createRedactor, environmentCredentials } from '../redaction/index.ts';
import type { Redactor } from '../redaction/index.ts';
import type { CommandContext, TextSink } from './command.ts';

/** A context whose output holds none of the credentials that `redactor` knows. */
export function withRedactedOutput<T extends CommandContext>(context: T, redactor: Redactor): T {
  const redacted = (sink: TextSink): TextSink => ({
    isTTY: sink.isTTY,
    write: (text) => sink.write(redactor.redact(text)),
  });
  return { ...context, stdout: redacted(context.stdout), stderr: redacted(context.stderr) };
}

/** Knows the credentials in the environment that nonceproof itself was started in: they may be real ones. */
export function environmentRedactor({ env }: Pick<CommandContext, 'env'>): Redactor {
  return createRedactor(environmentCredentials(env));
}
