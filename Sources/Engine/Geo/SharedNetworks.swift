/// Autonomous systems whose addresses say nothing of where their users are: clouds and hosting, from which proxies and
/// private networks come out, security gateways, and satellites.
///
/// Who signs in from one of them is where it says only by accident, so it is no stop of a journey. It is a network like
/// any other as far as what is usual for somebody.
enum SharedNetworks {
    static let known: [UInt32] = [
        // Clouds.
        14_618, 16_509, 8_987,  // Amazon
        8_068, 8_069, 8_075, 12_076,  // Microsoft
        15_169, 19_527, 396_982,  // Google
        31_898,  // Oracle
        36_351,  // IBM
        37_963, 45_102,  // Alibaba
        45_090, 132_203,  // Tencent
        // Hosting.
        14_061,  // DigitalOcean
        63_949,  // Linode
        20_473,  // Vultr
        16_276,  // OVH
        24_940, 213_230,  // Hetzner
        28_753, 30_633, 60_781,  // Leaseweb
        12_876,  // Scaleway
        51_167,  // Contabo
        202_053,  // UpCloud
        8_560,  // IONOS
        26_496,  // GoDaddy
        54_290,  // Hostwinds
        54_825,  // Equinix Metal
        199_524,  // G-Core
        // Hosting that most private networks for sale come out of.
        9_009,  // M247
        60_068, 212_238,  // Datacamp
        62_240,  // Clouvider
        11_878,  // tzulo
        8_100,  // QuadraNet
        36_352,  // ColoCrossing
        39_351,  // 31173 Services
        136_787, 147_049, 207_137,  // Packethub
        // Relays and content networks that people come out of.
        13_335,  // Cloudflare
        54_113,  // Fastly
        16_625, 20_940, 36_183,  // Akamai
        // Security gateways.
        22_616, 53_813, 62_044,  // Zscaler
        55_256,  // Netskope
        36_692,  // Cisco Umbrella
        54_538,  // Palo Alto Networks
        // Satellites.
        14_593,  // Starlink
        7_155,  // Viasat
        6_621,  // Hughes
    ]
}
