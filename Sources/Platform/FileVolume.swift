import Glibc
package import Ports

/// Real files under one folder, created private, owned by one process at a time.
package actor FileVolume: Volume {
    package enum Access: Sendable {
        /// Refuses where another process has the folder; that process's id is in the message.
        case exclusive
        /// Asks nobody: for a file of the caller's own in a folder that is somebody else's.
        case shared
        /// Changes nothing, asks nobody: for looking at a running program's state.
        case reading
    }

    /// Holds the process id of who has the folder; never listed.
    private static let lockName = ".lock"
    /// Files held open for appending.
    private static let openMax = 64
    /// Names known to be durable; forgetting them costs one more synchronization of a folder.
    private static let namesMax = 10_000
    /// More is read in several calls: bytes.
    private static let readBytesMax: Int64 = 1 << 30

    private let executor = BlockingExecutor("martlet.volume")
    private let root: String
    private let isWritable: Bool
    private let lock: Int32?
    private var open: [String: Int32] = [:]
    /// In the order of first use: the oldest is closed first.
    private var openOrder: [String] = []
    private var named: Set<String> = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Blocks for as long as creating a folder does: open volumes at start-up.
    package init(_ root: String, _ access: Access = .exclusive) throws(Fault) {
        self.root = root
        isWritable = access != .reading
        if isWritable { try Self.createFolders(root) }
        guard access == .exclusive else {
            lock = nil
            return
        }
        let path = "\(root)/\(Self.lockName)"
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.fault(path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = String(decoding: (try? Self.read(descriptor, path, 0..<20)) ?? [], as: UTF8.self)
            close(descriptor)
            let process = holder.isEmpty ? "another process" : "process \(holder.filter(\.isNumber))"
            throw Fault(
                .denied, "\(root) is in use by \(process): stop it, or choose another folder with --state")
        }
        ftruncate(descriptor, 0)
        let holder = Array("\(getpid())\n".utf8)
        unsafe _ = pwrite(descriptor, holder, holder.count, 0)
        lock = descriptor
    }

    deinit {
        for descriptor in open.values { close(descriptor) }
        if let lock { close(lock) }
    }

    package func append(_ bytes: [UInt8], to path: String) async throws(Fault) -> Int64 {
        let descriptor = try writable(path)
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes {
                unsafe write(
                    descriptor, UnsafeRawBufferPointer(rebasing: $0[done...]).baseAddress, bytes.count - done)
            }
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else { throw Self.fault("\(root)/\(path)", errno) }
            done += written
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.fault("\(root)/\(path)", errno) }
        return Int64(status.st_size)
    }

    package func synchronize(_ path: String) async throws(Fault) {
        let isThere = try lengthNow(path) != nil
        guard isThere else { throw Fault(.malformed, "\(root)/\(path): no such file") }
        let descriptor = try writable(path)
        guard fdatasync(descriptor) == 0 else {
            let code = errno
            // The kernel forgets the failure with the next call: a new descriptor starts clean.
            forget(path)
            throw Self.fault("\(root)/\(path)", code)
        }
        if !named.contains(path) { try synchronizeName(path) }
    }

    package func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        let full = try absolute(path)
        guard range.lowerBound >= 0 else { throw Fault(.malformed, "\(full): a read before the start") }
        let descriptor = unsafe Glibc.open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw Self.fault(full, errno) }
        defer { close(descriptor) }
        return try Self.read(descriptor, full, range)
    }

    package func read(_ path: String, _ ranges: [Range<Int64>]) async throws(Fault) -> [[UInt8]] {
        let full = try absolute(path)
        let descriptor = unsafe Glibc.open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw Self.fault(full, errno) }
        defer { close(descriptor) }
        var pieces: [[UInt8]] = []
        for range in ranges {
            guard range.lowerBound >= 0 else { throw Fault(.malformed, "\(full): a read before the start") }
            pieces.append(try Self.read(descriptor, full, range))
        }
        return pieces
    }

    package func length(of path: String) async throws(Fault) -> Int64? { try lengthNow(path) }

    package func rename(_ old: String, to new: String) async throws(Fault) {
        let (from, to) = (try absolute(old), try absolute(new))
        try refuseIfReading(from)
        try Self.createFolders(Self.folder(of: to))
        forget(old)
        forget(new)
        guard unsafe Glibc.rename(from, to) == 0 else { throw Self.fault(from, errno) }
        named.remove(old)
        try synchronizeName(new)
        if Self.folder(of: from) != Self.folder(of: to) { try Self.synchronizeFolder(Self.folder(of: from)) }
    }

    package func remove(_ path: String) async throws(Fault) {
        let full = try absolute(path)
        try refuseIfReading(full)
        forget(path)
        named.remove(path)
        if unsafe unlink(full) != 0, errno != ENOENT { throw Self.fault(full, errno) }
    }

    package func files(under folder: String) async throws(Fault) -> [String] {
        var found: [String] = []
        try list(folder, into: &found)
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func list(_ folder: String, into found: inout [String]) throws(Fault) {
        let full = folder.isEmpty ? root : try absolute(folder)
        guard let stream = unsafe opendir(full) else {
            if errno == ENOENT { return }
            throw Self.fault(full, errno)
        }
        defer { unsafe closedir(stream) }
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            guard name != ".", name != "..", name != Self.lockName else { continue }
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            var status = stat()
            guard unsafe lstat("\(root)/\(path)", &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try list(path, into: &found)
            case S_IFREG: found.append(path)
            default: continue
            }
        }
    }
}

extension FileVolume {
    private func absolute(_ path: String) throws(Fault) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isSafe = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }
        guard isSafe, path != Self.lockName else {
            throw Fault(.denied, "\(path) is no path inside \(root)")
        }
        return "\(root)/\(path)"
    }

    private func refuseIfReading(_ full: String) throws(Fault) {
        if !isWritable { throw Fault(.denied, "\(full): the folder was opened for reading") }
    }

    private func lengthNow(_ path: String) throws(Fault) -> Int64? {
        let full = try absolute(path)
        var status = stat()
        if unsafe lstat(full, &status) == 0 { return Int64(status.st_size) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw Self.fault(full, errno)
    }

    private func writable(_ path: String) throws(Fault) -> Int32 {
        if let descriptor = open[path] { return descriptor }
        let full = try absolute(path)
        try refuseIfReading(full)
        try Self.createFolders(Self.folder(of: full))
        let descriptor = unsafe Glibc.open(
            full, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.fault(full, errno) }
        if openOrder.count >= Self.openMax { forget(openOrder[0]) }
        open[path] = descriptor
        openOrder.append(path)
        return descriptor
    }

    private func forget(_ path: String) {
        guard let descriptor = open.removeValue(forKey: path) else { return }
        close(descriptor)
        openOrder.removeAll { $0 == path }
    }

    /// Makes the name durable, and the names of the folders above it that are not known to be, up to the root.
    private func synchronizeName(_ path: String) throws(Fault) {
        if named.count >= Self.namesMax { named.removeAll() }
        var entry = path
        while true {
            let isAtTop = !entry.contains("/")
            let folder = isAtTop ? "" : Self.folder(of: entry)
            try Self.synchronizeFolder(isAtTop ? root : "\(root)/\(folder)")
            named.insert(entry)
            if isAtTop || named.contains(folder) { return }
            entry = folder
        }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    private static func synchronizeFolder(_ folder: String) throws(Fault) {
        let descriptor = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault(folder, errno) }
        defer { close(descriptor) }
        // Some network file systems refuse to synchronize folders, having made names durable at once.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw fault(folder, errno) }
    }

    private static func createFolders(_ folder: String) throws(Fault) {
        if unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, folder != "/", folder != "." else { throw fault(folder, errno) }
        try createFolders(self.folder(of: folder))
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw fault(folder, errno) }
    }

    private static func read(_ descriptor: Int32, _ path: String, _ range: Range<Int64>) throws(Fault)
        -> [UInt8]
    {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw fault(path, errno) }
        let end = min(range.upperBound, Int64(status.st_size))
        guard range.lowerBound < end else { return [] }
        guard end - range.lowerBound <= readBytesMax else {
            throw Fault(.malformed, "\(path): a read of more than \(readBytesMax) bytes")
        }
        switch PositionedRead.bytes(
            of: descriptor, from: range.lowerBound, count: Int(end - range.lowerBound))
        {
        case .success(let bytes): return bytes
        case .failure(let number): throw fault(path, number.value)
        }
    }

    private static func fault(_ path: String, _ code: Int32) -> Fault {
        switch code {
        case ENOSPC, EDQUOT:
            Fault(.transient, "\(path): no space left: free some, Martlet goes on by itself")
        case EROFS: Fault(.denied, "\(path): the file system is read-only")
        case EACCES, EPERM: Fault(.denied, "\(path): permission denied")
        case ENOENT, ENOTDIR: Fault(.malformed, "\(path): no such file")
        case ELOOP: Fault(.denied, "\(path): a symbolic link stands where a file is expected")
        default: Fault(.transient, "\(path): \(unsafe String(cString: strerror(code)).lowercased())")
        }
    }
}
