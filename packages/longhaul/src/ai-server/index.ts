export { generateTextStep, type TextRequest, type WrittenText } from './generate-text-step.js'
