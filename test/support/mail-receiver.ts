import { createServer, type Socket } from 'node:net';

export interface MailReceiver {
  readonly url: string;
  /** Each as it came after DATA, and the address that it was for. */
  readonly received: { readonly to: string; readonly text: string }[];
  /** Answers that are given in place of the usual one, by the first word of a command. */
  readonly answers: Map<string, string>;
  readonly stop: () => Promise<void>;
}

/** A mail server on loopback, without TLS, which keeps what it is given. */
export async function startMailReceiver(): Promise<MailReceiver> {
  const received: MailReceiver['received'] = [];
  const answers = new Map<string, string>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    const say = (line: string): boolean => socket.write(`${line}\r\n`);
    let [buffer, to, inData] = ['', '', false];
    say('220 test');
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      buffer += chunk;
      for (;;) {
        const end = buffer.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + (inData ? 5 : 2));
        if (inData) {
          received.push({ to, text: line });
          inData = false;
          say('250 kept');
          continue;
        }
        const word = line.split(/[\s:]/, 1)[0]?.toUpperCase() ?? '';
        if (word === 'RCPT') to = /<(.*)>/.exec(line)?.[1] ?? '';
        inData = word === 'DATA' && !answers.has('DATA');
        say(answers.get(word) ?? (word === 'DATA' ? '354 go' : word === 'QUIT' ? '221 bye' : '250 ok'));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    answers,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
