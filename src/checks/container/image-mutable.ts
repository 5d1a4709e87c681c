/** What a container runs can change without anybody changing it. */
import { defineCheck } from '../../core/check.ts';
import type { ContainerFact } from '../../core/container-facts.ts';
import { containersOf } from '../containers.ts';

export const check = defineCheck({
  id: 'container.image-mutable',
  title: 'What a container runs can change without anybody changing it',
  why: 'A tag is moved by whoever may push to the registry; the next start runs something else.',
  fix: 'Name the image by its digest: image@sha256:….',
  how: 'The image as the container was asked for: without @sha256 it is mutable, whatever its tag. A directory in the place of an image is as fixed as one where root owns it, nobody else may write to it and it has the name of a digest.',
  source: 'OCI distribution specification (tags, digests)',
  severity: { team: 'info', clients: 'warn', adversarial: 'warn' },
  needs: ['container'],
  phases: ['observed'],
  item: 'container',
  *judge(facts) {
    for (const { tenant, container } of containersOf(facts)) {
      // A container that was asked for by the id of an image cannot change either.
      if (container.root !== undefined && isFixed(container.root)) continue;
      if (/@sha256:[0-9a-f]{64}$/.test(container.image) || /^(?:sha256:)?[0-9a-f]{64}$/.test(container.image)) continue;
      const { root } = container;
      if (root === undefined)
        yield { tenants: [tenant.tenant], message: `the image of ${tenant.tenant} is named by a tag`, evidence: [container.image] };
      else
        yield {
          tenants: [tenant.tenant],
          message: `the root of the container of ${tenant.tenant} is a directory that can change`,
          evidence: [`${root.path}: of user ${root.uid}, mode ${root.mode.toString(8)}`],
        };
    }
  },
});

function isFixed({ path, uid, mode }: NonNullable<ContainerFact['root']>): boolean {
  return uid === 0 && (mode & 0o022) === 0 && /\/[0-9a-f]{64}$/.test(path);
}
