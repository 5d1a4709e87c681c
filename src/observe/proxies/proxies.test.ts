import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProxyFiles } from './index.ts';

function routes(path: string, text: string): readonly string[] {
  const read = readProxyFiles([{ path, text }]);
  assert.ok(read.known, read.known ? '' : read.why);
  return read.value.map(({ location, names, catchAll, upstreams, sets }) =>
    [location, names.join(',') || '-', catchAll ? 'all' : '', upstreams.join(','), sets.join(',')].join(' ').replace(/ +/g, ' ').trim(),
  );
}

function why(path: string, text: string): string {
  const read = readProxyFiles([{ path, text }]);
  return read.known ? 'known' : read.why;
}

test('nginx: names, upstream groups, headers and who answers an unknown name', () => {
  const text = `
    # server { server_name commented.example; }
    http {
      include /etc/nginx/mime.types;
      upstream acme { server 127.0.0.1:20000; }
      server { listen 443 ssl; server_name Acme.example "www.acme.example";
        proxy_set_header X-User $remote_user;
        location / { proxy_pass http://acme; }
        location /ws { proxy_set_header Upgrade $http_upgrade; proxy_pass http://127.0.0.1:20000/; } }
      server { listen [::]:443 ssl default_server; server_name _; location / { proxy_pass http://[::1]:20120; } }
    }`;
  assert.deepEqual(routes('/n.conf', text), [
    '/n.conf:8 acme.example,www.acme.example 127.0.0.1:20000 x-user',
    '/n.conf:9 acme.example,www.acme.example http://127.0.0.1:20000/ upgrade',
    '/n.conf:10 - all http://[::1]:20120',
  ]);
});

test('nginx: without a default server the first one answers whatever nobody names', () => {
  const server = (name: string, port: number) => `server { listen 80; server_name ${name}; location / { proxy_pass http://127.0.0.1:${port}; } }\n`;
  assert.deepEqual(routes('/n', server('a.example', 1) + server('b.example', 2)), [
    '/n:1 a.example all http://127.0.0.1:1',
    '/n:2 b.example http://127.0.0.1:2',
  ]);
  const closed = 'server { listen 80 default_server; return 444; }\n';
  assert.deepEqual(routes('/n', server('a.example', 1) + closed), ['/n:1 a.example http://127.0.0.1:1']);
});

test('nginx: what cannot be followed is unknown', () => {
  assert.match(why('/n', 'server { location / { proxy_pass http://$backend; } }'), /decided per request/);
  assert.match(why('/n', 'include /etc/nginx/sites-enabled/*;'), /name that file too/);
  assert.match(why('/n', 'server { '), /not closed/);
  assert.match(why('/n', 'server_name "a'), /quote is not closed/);
  assert.match(why('/n', '}'), /closes nothing/);
  assert.match(why('/n', '{'.repeat(40)), /nested deeper/);
});

test('Caddy: sites, matchers, headers, one site without braces', () => {
  const text = `{
  email ops@a.example
}
acme.example, https://www.acme.example:8443 {
  @api path /v1/*
  reverse_proxy @api localhost:20000 {
    header_up X-User {http.auth.user.id}
  }
}
:443 {
  @globex host globex.example
  handle @globex {
    reverse_proxy 127.0.0.1:20120
  }
  reverse_proxy * 127.0.0.1:20240
}
`;
  assert.deepEqual(routes('/etc/caddy/Caddyfile', text), [
    '/etc/caddy/Caddyfile:6 acme.example,www.acme.example localhost:20000 x-user',
    '/etc/caddy/Caddyfile:13 globex.example 127.0.0.1:20120',
    '/etc/caddy/Caddyfile:15 - all 127.0.0.1:20240',
  ]);
  assert.deepEqual(routes('/Caddyfile', 'a.example\nreverse_proxy :9000\n'), ['/Caddyfile:2 a.example :9000']);
  assert.match(why('/Caddyfile', 'a.example {\n  import common\n}\n'), /not followed/);
  assert.match(why('/Caddyfile', 'a.example {\n  reverse_proxy {env.UP}\n}\n'), /per request/);
});

test('Traefik: rules, services and headers of the file provider', () => {
  const text = `
http:
  routers:
    acme: { rule: "Host(\`acme.example\`) || Host(\`www.acme.example\`)", service: acme, middlewares: [who] }
    rest: { rule: "PathPrefix(\`/\`)", service: globex }
  middlewares:
    who: { headers: { customRequestHeaders: { X-User: acme } } }
  services:
    acme: { loadBalancer: { servers: [ { url: "http://127.0.0.1:20000" } ] } }
    globex: { loadBalancer: { servers: [ { url: "http://127.0.0.1:20120" } ] } }
`;
  assert.deepEqual(routes('/t.yml', text), [
    '/t.yml#http.routers.acme acme.example,www.acme.example http://127.0.0.1:20000 x-user',
    '/t.yml#http.routers.rest - all http://127.0.0.1:20120',
  ]);
  assert.match(why('/t.yaml', 'http: { routers: { a: { rule: x, service: a@docker } } }'), /not in this file/);
  assert.match(why('/t.toml', '[http]'), /TOML/);
  assert.match(why('/t.yml', '{{{'), /not YAML/);
});
