import { keySentences } from '../../../text/key-sentences.js'
import { splitSentences } from '../../../text/split-sentences.js'
import { wordsOf } from '../../../text/words-of.js'
import type { AttachedFile } from './attached-file.js'
import { readImageFacts } from './image-facts.js'
import { sizeInWords } from './size-in-words.js'

const mostQuoted = 4
const mostCharacters = 240

interface Sentence {
  readonly text: string
  readonly line: number
}

const wantsSummary = /\b(summar\w+|sum up|short|overview|gist|main points?|key points?)\b/i

/** Answers with what is in the files, in their own words. What would take a language model it says. */
export function answerFromFiles(question: string, files: readonly AttachedFile[]): string {
  return files
    .map((file) => (file.mediaType.startsWith('image/') ? ofImage(file) : ofText(file, question)))
    .join('\n\n')
}

function ofImage({ name, data }: AttachedFile): string {
  const image = readImageFacts(data)
  if (image === undefined) return `${name} is no image that can be read.`
  const format = image.mediaType.slice('image/'.length)
  const kind = format === 'webp' ? 'WebP' : format.toUpperCase()
  return `${name} is a ${kind} image of ${image.width} × ${image.height} pixels, ${sizeInWords(data.length)}. What it shows I cannot tell: that takes a language model.`
}

function ofText({ name, data }: AttachedFile, question: string): string {
  const text = data.toString('utf8')
  const sentences = sentencesIn(text)
  if (sentences.length === 0) return `${name} has nothing in it but space.`
  if (question.trim() !== '' && !wantsSummary.test(question)) {
    const found = sentencesAbout(question, sentences)
    if (found.length > 0) return [`${name} says:`, ...found.map(quoted)].join('\n')
  }
  const lines = text.trimEnd().split('\n').length
  const words = text.match(/\S+/g)?.length ?? 0
  return [
    `${name} has ${count(lines, 'line')} and ${count(words, 'word')}. These of its sentences say most of it:`,
    ...keySentences(sentences, mostQuoted).map(quoted),
  ].join('\n')
}

function sentencesIn(text: string): Sentence[] {
  return text
    .split('\n')
    .flatMap((line, n) => splitSentences(line).map((each) => ({ text: each, line: n + 1 })))
}

/** Those that share the most words with the question, as they stand in the file. */
function sentencesAbout(question: string, sentences: readonly Sentence[]): Sentence[] {
  const asked = rootsOf(question)
  const ranked = sentences.map((sentence) => ({
    sentence,
    shared: [...rootsOf(sentence.text)].filter((root) => asked.has(root)).length,
  }))
  const best = ranked.reduce((most, { shared }) => Math.max(most, shared), 0)
  return ranked
    .filter(({ shared }) => shared > 0 && shared * 2 > best)
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, mostQuoted)
    .map(({ sentence }) => sentence)
    .toSorted((a, b) => a.line - b.line)
}

/** One word in the singular and the plural is the same. */
function rootsOf(text: string): Set<string> {
  return new Set([...wordsOf(text)].map((word) => word.replace(/s$/, '')))
}

function quoted({ text, line }: Sentence): string {
  const said = text.length > mostCharacters ? `${text.slice(0, mostCharacters)} …` : text
  return `– “${said}” (line ${line})`
}

function count(number: number, one: string): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : `${one}s`}`
}
