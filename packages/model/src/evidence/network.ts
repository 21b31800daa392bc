import { boolean, enumeration, integer, list, long, string, structure } from '../shape.ts';
import { document } from './document.ts';

/** Sockets that wait for traffic: TCP in LISTEN, and bound UDP. */
export const listeners = document(
  'listeners',
  structure(
    {
      listeners: list(
        structure(
          {
            protocol: enumeration('TCP', 'UDP'),
            family: enumeration('IPv4', 'IPv6'),
            /** As text: `0.0.0.0`, `127.0.0.1`, `::`. */
            address: string({ max: 64 }),
            port: integer({ min: 0, max: 65_535 }),
            uid: long({ min: 0, max: 4_294_967_295 }),
            /** Absent where the agent may not see it. */
            process: structure(
              { pid: long({ min: 0 }), name: string({ max: 256 }), executable: string({ min: 1, max: 4096 }) },
              'pid',
              'name',
            ),
          },
          'protocol',
          'family',
          'address',
          'port',
        ),
        { max: 20_000 },
      ),
    },
    'listeners',
  ),
);

/** Network interfaces with their addresses. */
export const interfaces = document(
  'interfaces',
  structure(
    {
      interfaces: list(
        structure(
          {
            name: string({ min: 1, max: 256 }),
            macAddress: string({ max: 64 }),
            loopback: boolean,
            up: boolean,
            addresses: list(
              structure(
                {
                  family: enumeration('IPv4', 'IPv6'),
                  address: string({ max: 64 }),
                  prefixLength: integer({ min: 0, max: 128 }),
                },
                'family',
                'address',
                'prefixLength',
              ),
              { max: 1000 },
            ),
          },
          'name',
          'loopback',
          'up',
          'addresses',
        ),
        { max: 1000 },
      ),
    },
    'interfaces',
  ),
);
