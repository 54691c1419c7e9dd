import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { has, verifyProgram } from './intercept.test-support.ts';

const BOT = `
import java.net.*;
import java.net.http.*;
public class Bot {
  public static void main(String[] args) throws Exception {
    URI time = URI.create("https://api.kraken.com/0/public/Time");
    var reply = HttpClient.newHttpClient().send(HttpRequest.newBuilder(time).build(), HttpResponse.BodyHandlers.ofString());
    var connection = (HttpURLConnection) time.toURL().openConnection();
    System.out.println(reply.statusCode() + " " + connection.getResponseCode());
  }
}`;

describe.runIf(has('java'))('a program on the JVM (runs where there is java 11 or later)', () => {
  // A temporary folder whose name has a space in it: what leads the program is told in a list of options.
  const folder = mkdtempSync(join(tmpdir(), 'java bot '));
  beforeAll(() => void vi.stubEnv('TMPDIR', folder));
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('is led to the mock with its own HTTP clients', async () => {
    const file = join(folder, 'Bot.java');
    writeFileSync(file, BOT);
    const { observation } = await verifyProgram(['java', file]);
    expect(observation).toMatchObject({ stdout: '200 200\n', publicCalls: 2 });
  });
});
