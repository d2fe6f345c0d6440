import Engine
import Platform
import Ports

@main
struct Main {
    static func main() async {
        ProcessMemory.keepHeapSmall()
        let signals = StopSignals.listen()
        let context = RealContext.make(stoppedBy: signals)
        let status = await Dispatch.run(Array(CommandLine.arguments.dropFirst()), in: context)
        RealContext.exit(status)
    }
}
