/// Shell completions, made from the declarations.
enum Completions {
    static func script(for shell: String) -> String {
        switch shell {
        case "zsh": zsh()
        case "fish": fish()
        default: bash()
        }
    }

    private static var commands: [Command] { Command.all.filter { !$0.isHidden } }

    /// The first words, each once, in order.
    private static var firstWords: [String] {
        var seen: Set<String> = []
        return commands.map { String($0.name.split(separator: " ")[0]) }.filter { seen.insert($0).inserted }
    }

    private static func secondWords(of first: String) -> [String] {
        commands.filter { $0.name.hasPrefix("\(first) ") }.map { String($0.name.split(separator: " ")[1]) }
    }

    private static func takesPath(_ kind: Command.ValueKind?) -> Bool {
        if case .path = kind { true } else { false }
    }

    private static func bash() -> String {
        var text = """
            # bash completion for martlet; load it with: source <(martlet completions bash)
            _martlet() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
                local command="${COMP_WORDS[1]}"
                COMPREPLY=()
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W "\(firstWords.joined(separator: " ")) --help --version" -- "$current"))
                    return
                fi
                case "$command" in

            """
        for first in firstWords {
            let second = secondWords(of: first)
            if second.isEmpty { continue }
            text += """
                        \(first))
                            if [ "$COMP_CWORD" -eq 2 ]; then
                                COMPREPLY=($(compgen -W "\(second.joined(separator: " "))" -- "$current"))
                                return
                            fi
                            command="$command ${COMP_WORDS[2]}" ;;

                """
        }
        text += "    esac\n    case \"$command $previous\" in\n"
        for command in commands {
            for option in command.options + Command.Option.everywhere {
                guard let kind = option.kind else { continue }
                let words = kind.listed.joined(separator: " ")
                if !words.isEmpty {
                    text += "        \"\(command.name) --\(option.name)\") "
                    text += "COMPREPLY=($(compgen -W \"\(words)\" -- \"$current\")); return ;;\n"
                } else if takesPath(kind) {
                    text += "        \"\(command.name) --\(option.name)\") "
                    text += "COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
                }
            }
        }
        text += "    esac\n    case \"$command\" in\n"
        for command in commands {
            let names = (command.options + Command.Option.everywhere).map { "--\($0.name)" }
            let listed = command.arguments.flatMap(\.kind.listed)
            let words = (names + listed).joined(separator: " ")
            text += "        \"\(command.name)\") COMPREPLY=($(compgen -W \"\(words)\" -- \"$current\")"
            text +=
                command.arguments.contains { takesPath($0.kind) } ? " $(compgen -f -- \"$current\"))" : ")"
            text += " ;;\n"
        }
        return text + "    esac\n}\ncomplete -o filenames -F _martlet martlet\n"
    }

    private static func zsh() -> String {
        var text =
            "#compdef martlet\n# zsh completion for martlet; put it in a folder of $fpath as _martlet\n"
        text += "_martlet() {\n    local -a commands\n    commands=(\n"
        for first in firstWords {
            let summary = commands.first { $0.name.split(separator: " ")[0] == first }?.summary ?? ""
            text += "        '\(first):\(escaped(summary))'\n"
        }
        text += "    )\n    if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
        text += "    local name=\"$words[2]\"\n"
        for first in firstWords {
            let second = secondWords(of: first)
            if second.isEmpty { continue }
            text += "    if [[ $name == \(first) ]]; then\n"
            text +=
                "        if (( CURRENT == 3 )); then compadd \(second.joined(separator: " ")); return; fi\n"
            text += "        name=\"$name $words[3]\"\n    fi\n"
        }
        text += "    case \"$name\" in\n"
        for command in commands {
            text += "        '\(command.name)') _arguments"
            for option in command.options + Command.Option.everywhere {
                var spec = "--\(option.name)[\(escaped(option.help))]"
                if let kind = option.kind {
                    let listed = kind.listed.joined(separator: " ")
                    let action = !listed.isEmpty ? "(\(listed))" : takesPath(kind) ? "_files" : " "
                    spec += ":\(option.placeholder):\(action)"
                }
                text += " '\(option.isRepeated ? "*" : "")\(spec)'"
            }
            text += command.arguments.contains { takesPath($0.kind) } ? " '*:file:_files' ;;\n" : " ;;\n"
        }
        return text + "    esac\n}\n_martlet \"$@\"\n"
    }

    private static func fish() -> String {
        var text = "# fish completion for martlet; put it in ~/.config/fish/completions/martlet.fish\n"
        text += "complete -c martlet -f\n"
        for first in firstWords {
            let summary = commands.first { $0.name.split(separator: " ")[0] == first }?.summary ?? ""
            text += "complete -c martlet -n __fish_use_subcommand -a \(first) -d '\(escaped(summary))'\n"
            for second in secondWords(of: first) {
                text += "complete -c martlet -n '__fish_seen_subcommand_from \(first)' -a \(second)\n"
            }
        }
        for command in commands {
            let words = command.name.split(separator: " ")
            let condition = words.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and ")
            for option in command.options + Command.Option.everywhere {
                text += "complete -c martlet -n '\(condition)' -l \(option.name)"
                if let short = option.short { text += " -s \(short)" }
                if let kind = option.kind {
                    let listed = kind.listed.joined(separator: " ")
                    text += !listed.isEmpty ? " -x -a '\(listed)'" : takesPath(kind) ? " -r -F" : " -x"
                }
                text += " -d '\(escaped(option.help))'\n"
            }
            if command.arguments.contains(where: { takesPath($0.kind) }) {
                text += "complete -c martlet -n '\(condition)' -F\n"
            }
        }
        return text
    }

    /// Made safe between single quotes in all three shells, and in zsh's own brackets.
    private static func escaped(_ text: String) -> String {
        String(text.compactMap { "'".contains($0) ? "’" : "[]:".contains($0) ? nil : $0 })
    }
}
