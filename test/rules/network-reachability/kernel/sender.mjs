// Runs in the sender's namespace: for each line of probes on standard input, sends their first packets and answers "sent".
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) {
  const probes = JSON.parse(line);
  const open = [];
  const waits = probes.map(({ protocol, source, sourcePort, destination, port }) => {
    if (protocol === 'tcp') {
      const socket = connect({ host: destination, port, localAddress: source, localPort: sourcePort });
      socket.on('error', () => undefined);
      open.push(() => socket.resetAndDestroy());
      return undefined;
    }
    const socket = createSocket(source.includes(':') ? 'udp6' : 'udp4');
    socket.on('error', () => undefined);
    open.push(() => socket.close());
    return new Promise((done) => {
      socket.bind(sourcePort, source, () => socket.send('?', port, destination, done));
      socket.once('error', done);
    });
  });
  await Promise.all(waits);
  await new Promise((done) => setTimeout(done, 40));
  for (const close of open) close();
  process.stdout.write('sent\n');
}
