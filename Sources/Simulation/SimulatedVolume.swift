import Engine
package import Ports
import Synchronization

/// A disk in memory that fails when its seed says so and forgets, at a crash, what was not synchronized.
package final class SimulatedVolume: Volume {
    /// How often what goes wrong: probabilities per call.
    package struct Faults: Sendable {
        /// EIO on append; a seeded part of the bytes is written all the same.
        package var append = 0.0
        /// EIO on synchronize: the unsynchronized bytes are then lost at a crash, even where a later
        /// synchronize succeeds, as they are on Linux.
        package var synchronize = 0.0
        package var read = 0.0
        package var rename = 0.0
        package var remove = 0.0
        /// The disk's size: appending beyond it is a fault, and what fits is written.
        package var capacityBytes = Int64.max
        /// The longest a call takes.
        package var latency = Duration.milliseconds(2)

        package init() {}
    }

    /// When the machine stops by itself, for tests that stop it everywhere.
    package enum CrashPoint: Sendable {
        /// In the append that writes this byte, counted over the volume's life, just before it.
        case beforeByte(Int64)
        /// At the start of this call that changes the disk, counted from 0.
        case beforeChange(Int)
    }

    fileprivate struct File {
        var bytes: [UInt8] = []
        var durable = 0
        /// Is the name itself durable.
        var isNamed = false
        /// Bytes that a failed synchronize has silently dropped.
        var doomed: [Range<Int>] = []
    }

    fileprivate struct State {
        var files: [String: File] = [:]
        /// Removed, but the folder was not synchronized since.
        var ghosts: [String: File] = [:]
        var faults: Faults
        var crashPoint: CrashPoint?
        var isDead = false
        var bytesWritten: Int64 = 0
        var changes = 0
        var faultsMet = 0
    }

    private let world: Simulation
    private let state: Mutex<State>

    package init(_ world: Simulation, faults: Faults = Faults(), crashPoint: CrashPoint? = nil) {
        self.world = world
        state = Mutex(State(faults: faults, crashPoint: crashPoint))
    }

    package var faults: Faults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }
    package var isDead: Bool { state.withLock { $0.isDead } }
    /// Bytes appended and calls that changed the disk so far: the range of the crash points.
    package var bytesWritten: Int64 { state.withLock { $0.bytesWritten } }
    package var changes: Int { state.withLock { $0.changes } }
    /// Calls that failed so far, over all lives.
    package var faultsMet: Int { state.withLock { $0.faultsMet } }
    package var paths: [String] { state.withLock { $0.files.keys.sorted() } }
    package var bytesHeld: Int64 {
        state.withLock { $0.files.values.reduce(0) { $0 + Int64($1.bytes.count) } }
    }

    package subscript(path: String) -> [UInt8]? { state.withLock { $0.files[path]?.bytes } }

    /// Bit rot: turns one bit of a file over.
    package func flipBit(_ bit: Int, ofByte offset: Int, in path: String) {
        state.withLock { $0.files[path]?.bytes[offset] ^= 1 << UInt8(bit & 7) }
    }

    /// Stops the machine: every call from now on fails without effect.
    package func stop() { state.withLock { $0.isDead = true } }

    /// Stops the machine and gives the disk as the next start finds it: of what was not synchronized a seeded
    /// prefix is left, perhaps none, perhaps with zeros for blocks that never reached the platter.
    package func crash(crashPoint: CrashPoint? = nil) -> SimulatedVolume {
        let faults = self.faults
        let next = SimulatedVolume(world, faults: faults, crashPoint: crashPoint)
        let old = state.withLock { state in
            state.isDead = true
            return state
        }
        var survivors: [String: File] = [:]
        for (path, file) in old.files.sorted(by: { $0.key < $1.key }) {
            if !file.isNamed, world.chance(0.5) { continue }
            survivors[path] = surviving(file)
        }
        for (path, file) in old.ghosts.sorted(by: { $0.key < $1.key })
        where survivors[path] == nil && file.isNamed && world.chance(0.5) {
            survivors[path] = surviving(file)
        }
        next.state.withLock { state in
            state.files = survivors
            state.faultsMet = old.faultsMet
        }
        return next
    }

    private func surviving(_ file: File) -> File {
        var file = file
        let unsynchronized = file.bytes.count - file.durable
        if unsynchronized > 0 {
            let kept = [0, unsynchronized, Int(world.next() % UInt64(unsynchronized + 1))][
                Int(world.next() % 3)]
            file.bytes.removeLast(unsynchronized - kept)
            if kept > 0, world.chance(0.3) {
                let from = file.durable + Int(world.next() % UInt64(kept))
                for index in from..<file.bytes.count { file.bytes[index] = 0 }
            }
        }
        for range in file.doomed {
            for index in range.clamped(to: 0..<file.bytes.count) { file.bytes[index] = 0 }
        }
        return File(bytes: file.bytes, durable: file.bytes.count, isNamed: true)
    }

    package func append(_ bytes: [UInt8], to path: String) async throws(Fault) -> Int64 {
        try await changing()
        let isFaulty = fails(faults.append)
        let part = isFaulty ? Int(world.next() % UInt64(bytes.count + 1)) : bytes.count
        let (length, fault) = state.withLock { $0.append(bytes, upTo: part, to: path) }
        if let fault { throw fault }
        if isFaulty { throw Fault(.transient, "\(path): input/output error") }
        return length
    }

    package func synchronize(_ path: String) async throws(Fault) {
        try await changing()
        let isFaulty = fails(faults.synchronize)
        let fault = state.withLock { state -> Fault? in
            guard var file = state.files[path] else { return Fault(.transient, "\(path): no such file") }
            if isFaulty { file.doomed.append(file.durable..<file.bytes.count) }
            file.durable = file.bytes.count
            file.isNamed = true
            state.files[path] = file
            state.ghosts = state.ghosts.filter { $0.key.folder != path.folder }
            return isFaulty ? Fault(.transient, "\(path): input/output error") : nil
        }
        if let fault { throw fault }
    }

    package func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        try await taking()
        if fails(faults.read) { throw Fault(.transient, "\(path): input/output error") }
        let bytes = state.withLock { state -> [UInt8]? in
            guard let bytes = state.files[path]?.bytes else { return nil }
            let clamped = range.clamped(to: 0..<Int64(bytes.count))
            return Array(bytes[Int(clamped.lowerBound)..<Int(clamped.upperBound)])
        }
        guard let bytes else { throw Fault(.malformed, "\(path): no such file") }
        return bytes
    }

    package func length(of path: String) async throws(Fault) -> Int64? {
        try await taking()
        return state.withLock { $0.files[path].map { Int64($0.bytes.count) } }
    }

    package func rename(_ old: String, to new: String) async throws(Fault) {
        try await changing()
        if fails(faults.rename) { throw Fault(.transient, "\(old): input/output error") }
        let isThere = state.withLock { state in
            guard var file = state.files.removeValue(forKey: old) else { return false }
            file.isNamed = true
            state.files[new] = file
            return true
        }
        if !isThere { throw Fault(.malformed, "\(old): no such file") }
    }

    package func remove(_ path: String) async throws(Fault) {
        try await changing()
        if fails(faults.remove) { throw Fault(.transient, "\(path): input/output error") }
        state.withLock { state in
            if let file = state.files.removeValue(forKey: path) { state.ghosts[path] = file }
        }
    }

    package func files(under folder: String) async throws(Fault) -> [String] {
        try await taking()
        return state.withLock { state in
            state.files.keys.filter { $0.hasPrefix(folder + "/") }.sorted {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
        }
    }

    private func fails(_ probability: Double) -> Bool {
        guard world.chance(probability) else { return false }
        state.withLock { $0.faultsMet += 1 }
        return true
    }

    private func taking() async throws(Fault) {
        await world.pass(world.span(upTo: faults.latency))
        if isDead { throw Fault(.cancelled, "the simulated machine has stopped") }
    }

    private func changing() async throws(Fault) {
        try await taking()
        let isDead = state.withLock { state in
            if case .beforeChange(let point) = state.crashPoint, state.changes >= point {
                state.isDead = true
            }
            state.changes += 1
            return state.isDead
        }
        if isDead { throw Fault(.cancelled, "the simulated machine has stopped") }
    }
}

extension SimulatedVolume.State {
    /// The new length, or what went wrong after a part was written.
    fileprivate mutating func append(_ bytes: [UInt8], upTo part: Int, to path: String) -> (Int64, Fault?) {
        var part = part
        var fault: Fault?
        let room = faults.capacityBytes == .max ? .max : faults.capacityBytes - used
        if Int64(part) > room {
            part = Int(max(0, room))
            faultsMet += 1
            fault = Fault(.transient, "\(path): no space left on the device")
        }
        if case .beforeByte(let point) = crashPoint, bytesWritten + Int64(part) > point {
            part = Int(max(0, point - bytesWritten))
            isDead = true
            fault = Fault(.cancelled, "the simulated machine has stopped")
        }
        files[path, default: SimulatedVolume.File()].bytes.append(contentsOf: bytes[..<part])
        bytesWritten += Int64(part)
        return (Int64(files[path]?.bytes.count ?? 0), fault)
    }

    private var used: Int64 { files.values.reduce(0) { $0 + Int64($1.bytes.count) } }
}

extension String {
    fileprivate var folder: Substring { self[..<(lastIndex(of: "/") ?? startIndex)] }
}
