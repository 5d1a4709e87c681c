/** The first question: is a trust boundary declared? Nothing else is judged before it is. */
import { nearest, type Complaint } from './problem.ts';
import { excerpt } from './text.ts';
import type { Spot } from './tree.ts';
import type { Position } from '../core/fleet.ts';

const FIRST = 'a trust boundary is declared before any layout';
const FIELDS: Readonly<Record<string, string>> = {
  owner: 'who answers for it',
  data: 'what data lives inside',
  members: 'who is inside',
};

/** Missing `trust` and missing parts of tenants' `boundary`, at the place where they belong; [] when all are there. */
export function checkBoundaries(root: Spot): Complaint[] {
  const complaints: Complaint[] = [];
  if (root.entries === undefined || Array.isArray(root.value)) return [];
  if (isEmpty(root.entries.get('trust'))) {
    complaints.push(
      missing(
        root,
        'trust',
        `"trust" is missing: how any two tenants stand to each other (team, clients or adversarial); ${FIRST}`,
        belowFleet(root),
      ),
    );
  }
  const tenants = root.entries.get('tenants');
  if (tenants === undefined || Array.isArray(tenants.value)) return complaints;
  for (const [id, tenant] of tenants.entries ?? []) {
    const where = `tenants.${excerpt(id)}`;
    const boundary = tenant.entries?.get('boundary');
    if (boundary === undefined || isEmpty(boundary)) {
      complaints.push(missing(tenant, 'boundary', `"boundary" is missing in ${where}: owner, data and members; ${FIRST}`, tenant.at));
      continue;
    }
    if (boundary.entries === undefined || Array.isArray(boundary.value)) continue;
    for (const [field, meaning] of Object.entries(FIELDS)) {
      if (!isEmpty(boundary.entries.get(field))) continue;
      complaints.push(missing(boundary, field, `"${field}" is missing in ${where}.boundary: ${meaning}; ${FIRST}`, boundary.at));
    }
  }
  return complaints;
}

function isEmpty(spot: Spot | undefined): boolean {
  return spot === undefined || spot.value === null || spot.value === '';
}

function missing(parent: Spot, name: string, message: string, at: Position): Complaint {
  const written = parent.entries?.get(name);
  const typo = nearest(name, parent.entries?.keys() ?? []);
  const place = written?.keyAt ?? (typo === undefined ? undefined : parent.entries?.get(typo)?.keyAt) ?? at;
  if (typo === undefined) return { at: place, text: '', message };
  return { at: place, text: excerpt(typo), message: `${message}; found "${excerpt(typo)}"`, suggest: () => name };
}

/** `trust` belongs right below `fleet`, or at the top. */
function belowFleet(root: Spot): Position {
  const fleet = root.entries?.get('fleet');
  if (fleet?.keyAt === undefined) return root.at;
  return { line: fleet.keyAt.line + 1, column: fleet.keyAt.column };
}
