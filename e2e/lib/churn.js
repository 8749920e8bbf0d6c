/** Catalog files that change all the time, and the relations that follow from them. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { oneOf } from './chance.js'

const COMPONENTS = Array.from({ length: 30 }, (_, number) => `part-${number}`)
const OWNERS = ['crew', 'pilots', 'wardens']
/** Files that the portal is told of, and files that only Location entities in those name. */
const FILES = [
  ...['one', 'two', 'three', 'four'].map((name) => `${name}.yaml`),
  ...['deep/five', 'deep/six'].map((name) => `${name}.yml`),
]
const TEXTS = ['alpha', 'beta']

/** A folder of files in which components come, change, move and go. */
export class Churn {
  /** Where each component is, and what it says. */
  #components = new Map()
  #texts = new Map()
  #step = 0

  /** Fills `folder`, which `chance` decides about from then on. */
  static async in(folder, chance) {
    const churn = new Churn()
    churn.folder = folder
    churn.chance = chance
    await mkdir(join(folder, 'deep'), { recursive: true })
    for (const text of TEXTS) await churn.#rewrite(text)
    for (const name of COMPONENTS.slice(0, 20)) churn.#place(name)
    for (const file of FILES) await churn.#write(file)
    await churn.#writeLocation(true)
    return churn
  }

  /** Changes something. */
  async change() {
    this.#step += 1
    const name = oneOf(this.chance, COMPONENTS)
    const before = this.#components.get(name)?.file
    const what = this.chance()
    if (what < 0.1) return await this.#rewrite(oneOf(this.chance, TEXTS))
    if (what < 0.15) return await this.#empty(oneOf(this.chance, FILES))
    if (what < 0.2) return await this.#writeLocation(!this.deep)
    if (what < 0.35 && before) {
      this.#components.delete(name)
      return await this.#write(before)
    }
    this.#place(name)
    const { file } = this.#components.get(name)
    // Where it comes and where it goes, in either order: for a while it is in both, or in none.
    const files = before && before !== file ? [before, file] : [file]
    if (this.chance() < 0.5) files.reverse()
    for (const one of files) await this.#write(one)
  }

  /** What has to be served when nothing changes any more: `<reference> <type> <reference>`, sorted. */
  relations() {
    const relations = []
    for (const [name, { file, owner, uses }] of this.#components) {
      if (file.startsWith('deep') && !this.deep) continue
      const own = `component:default/${name}`
      relations.push(`${own} ownedBy group:default/${owner}`)
      relations.push(`group:default/${owner} ownerOf ${own}`)
      for (const other of uses) {
        relations.push(`${own} dependsOn component:default/${other}`)
        relations.push(`component:default/${other} dependencyOf ${own}`)
      }
    }
    // What ends at an entity that is not there is shown at the other end only.
    const served = new Set(this.references())
    return relations.filter((relation) => served.has(relation.split(' ')[0])).sort()
  }

  /** The references of all that has to be served, the portal's own Location left out. */
  references() {
    const there = [...this.#components].filter(([, { file }]) => this.deep || file.endsWith('yaml'))
    const refs = there.map(([name]) => `component:default/${name}`)
    refs.push(...OWNERS.map((owner) => `group:default/${owner}`))
    if (this.deep) refs.push('location:default/deep')
    return refs.sort()
  }

  #place(name) {
    const uses = COMPONENTS.filter((other) => other !== name && this.chance() < 0.1)
    this.#components.set(name, {
      file: oneOf(this.chance, FILES),
      owner: oneOf(this.chance, OWNERS),
      uses,
      text: oneOf(this.chance, TEXTS),
      title: `${name} at ${this.#step}`,
    })
  }

  async #empty(file) {
    for (const [name, component] of this.#components) {
      if (component.file === file) this.#components.delete(name)
    }
    await rm(join(this.folder, file), { force: true })
  }

  /** The Location that names the deep files comes and goes. */
  async #writeLocation(deep) {
    this.deep = deep
    const groups = OWNERS.map((name) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name },
      spec: { type: 'team', children: [] },
    }))
    const location = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Location',
      metadata: { name: 'deep' },
      spec: { targets: FILES.filter((file) => file.startsWith('deep')).map((file) => `./${file}`) },
    }
    location.spec.presence = 'optional'
    await this.#save('groups.yaml', deep ? [...groups, location] : groups)
  }

  async #rewrite(text) {
    this.#texts.set(text, this.#step)
    const path = join(this.folder, `${text}.txt`)
    await writeFile(path, `${text} as of ${this.#step}\n`)
  }

  async #write(file) {
    const here = [...this.#components].filter(([, component]) => component.file === file)
    const up = file.startsWith('deep') ? '..' : '.'
    const entities = here.map(([name, { owner, uses, text, title }]) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name, title, description: { $text: `${up}/${text}.txt` } },
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner,
        dependsOn: uses.map((other) => `component:${other}`),
      },
    }))
    await this.#save(file, entities)
  }

  async #save(file, entities) {
    const documents = entities.map((entity) => `---\n${JSON.stringify(entity, null, 2)}\n`)
    await writeFile(join(this.folder, file), documents.join(''))
  }
}
