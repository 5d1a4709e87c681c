import { cases } from '../testing/cases.ts';
import { placeFact } from '../testing/clean-facts.ts';
import { atAcme, atBoth, plusPlaces, plusSettings } from '../testing/secret-facts.ts';

function served(address: string, digest: string): ReturnType<typeof plusSettings> {
  return plusSettings(() => ({ mcp: { servers: [{ name: 'notes', address, digest, from: 'config:mcp.servers.notes' }] } }));
}

cases('mcp.server-shared', {
  ok: {
    'another client of one server': atAcme(served('https://mcp.example', 'https://mcp.example x')),
    'one on the loopback of each': atBoth(served('http://127.0.0.1:9000', 'http://127.0.0.1:9000/mcp')),
    'one program': atBoth(plusSettings(() => ({ mcp: { servers: [{ name: 'n', address: 'npx', from: 'config' }] } }))),
  },
  ng: {
    'one server as one client': atBoth(served('https://mcp.example', 'https://mcp.example x')),
    'one directory': atBoth(plusPlaces(placeFact('mcp:notes', '/srv/notes'))),
  },
});
