@main
struct Main {
    static func main() {
        print("martlet 0.1.0")
    }
}
