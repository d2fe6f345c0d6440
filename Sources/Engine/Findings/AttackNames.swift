/// Names of MITRE ATT&CK's tactics and of the techniques that audit logs of clouds and identity providers
/// show.
///
/// A rule's tag carries the short name or the id alone; what stands in no table is passed on by its id.
enum AttackNames {
    struct Tactic {
        var uid: String?
        var name: String
    }

    /// By the tag's form, with hyphens: `initial-access`. ATT&CK 19 split defense evasion into stealth and
    /// defense impairment; rules of both ages are around.
    static func tactic(_ tag: String) -> Tactic? {
        let known: [(String, String?, String)] = [
            ("reconnaissance", "TA0043", "Reconnaissance"),
            ("resource-development", "TA0042", "Resource Development"),
            ("initial-access", "TA0001", "Initial Access"),
            ("execution", "TA0002", "Execution"),
            ("persistence", "TA0003", "Persistence"),
            ("privilege-escalation", "TA0004", "Privilege Escalation"),
            ("defense-evasion", "TA0005", "Defense Evasion"),
            ("stealth", nil, "Stealth"),
            ("defense-impairment", nil, "Defense Impairment"),
            ("credential-access", "TA0006", "Credential Access"),
            ("discovery", "TA0007", "Discovery"),
            ("lateral-movement", "TA0008", "Lateral Movement"),
            ("collection", "TA0009", "Collection"),
            ("command-and-control", "TA0011", "Command and Control"),
            ("exfiltration", "TA0010", "Exfiltration"),
            ("impact", "TA0040", "Impact"),
        ]
        let name = String(tag.map { $0 == "_" ? "-" : $0 })
        return known.first { $0.0 == name }.map { Tactic(uid: $0.1, name: $0.2) }
    }

    /// By id in upper case: `T1078.004`.
    static func technique(_ uid: String) -> String? { techniques[uid] }

    private static let techniques: [String: String] = [
        "T1003": "OS Credential Dumping", "T1005": "Data from Local System",
        "T1007": "System Service Discovery",
        "T1016": "System Network Configuration Discovery", "T1018": "Remote System Discovery",
        "T1020": "Automated Exfiltration", "T1021": "Remote Services", "T1021.001": "Remote Desktop Protocol",
        "T1021.004": "SSH", "T1021.007": "Cloud Services", "T1021.008": "Direct Cloud VM Connections",
        "T1027": "Obfuscated Files or Information", "T1033": "System Owner/User Discovery",
        "T1036": "Masquerading",
        "T1040": "Network Sniffing", "T1041": "Exfiltration Over C2 Channel",
        "T1046": "Network Service Discovery",
        "T1048": "Exfiltration Over Alternative Protocol", "T1049": "System Network Connections Discovery",
        "T1053": "Scheduled Task/Job", "T1059": "Command and Scripting Interpreter",
        "T1059.004": "Unix Shell",
        "T1059.009": "Cloud API", "T1068": "Exploitation for Privilege Escalation",
        "T1069": "Permission Groups Discovery", "T1069.003": "Cloud Groups", "T1070": "Indicator Removal",
        "T1071": "Application Layer Protocol", "T1074": "Data Staged", "T1074.002": "Remote Data Staging",
        "T1078": "Valid Accounts", "T1078.001": "Default Accounts", "T1078.002": "Domain Accounts",
        "T1078.004": "Cloud Accounts", "T1082": "System Information Discovery",
        "T1083": "File and Directory Discovery", "T1087": "Account Discovery", "T1087.001": "Local Account",
        "T1087.004": "Cloud Account", "T1090": "Proxy", "T1098": "Account Manipulation",
        "T1098.001": "Additional Cloud Credentials", "T1098.002": "Additional Email Delegate Permissions",
        "T1098.003": "Additional Cloud Roles", "T1098.004": "SSH Authorized Keys",
        "T1098.005": "Device Registration", "T1098.006": "Additional Container Cluster Roles",
        "T1105": "Ingress Tool Transfer", "T1110": "Brute Force", "T1110.001": "Password Guessing",
        "T1110.003": "Password Spraying", "T1110.004": "Credential Stuffing", "T1114": "Email Collection",
        "T1114.002": "Remote Email Collection", "T1114.003": "Email Forwarding Rule",
        "T1119": "Automated Collection", "T1133": "External Remote Services", "T1136": "Create Account",
        "T1136.001": "Local Account", "T1136.003": "Cloud Account",
        "T1140": "Deobfuscate/Decode Files or Information",
        "T1189": "Drive-by Compromise", "T1190": "Exploit Public-Facing Application",
        "T1195": "Supply Chain Compromise",
        "T1199": "Trusted Relationship", "T1201": "Password Policy Discovery",
        "T1203": "Exploitation for Client Execution",
        "T1204": "User Execution", "T1204.003": "Malicious Image", "T1210": "Exploitation of Remote Services",
        "T1212": "Exploitation for Credential Access", "T1213": "Data from Information Repositories",
        "T1213.003": "Code Repositories", "T1219": "Remote Access Software",
        "T1222": "File and Directory Permissions Modification", "T1482": "Domain Trust Discovery",
        "T1484": "Domain or Tenant Policy Modification", "T1484.002": "Trust Modification",
        "T1485": "Data Destruction", "T1485.001": "Lifecycle-Triggered Deletion",
        "T1486": "Data Encrypted for Impact",
        "T1489": "Service Stop", "T1490": "Inhibit System Recovery", "T1491": "Defacement",
        "T1496": "Resource Hijacking", "T1496.001": "Compute Hijacking",
        "T1496.004": "Cloud Service Hijacking",
        "T1498": "Network Denial of Service", "T1499": "Endpoint Denial of Service",
        "T1505": "Server Software Component", "T1505.003": "Web Shell", "T1518": "Software Discovery",
        "T1525": "Implant Internal Image", "T1526": "Cloud Service Discovery",
        "T1528": "Steal Application Access Token",
        "T1529": "System Shutdown/Reboot", "T1530": "Data from Cloud Storage",
        "T1531": "Account Access Removal",
        "T1535": "Unused/Unsupported Cloud Regions", "T1537": "Transfer Data to Cloud Account",
        "T1538": "Cloud Service Dashboard", "T1539": "Steal Web Session Cookie",
        "T1546": "Event Triggered Execution", "T1548": "Abuse Elevation Control Mechanism",
        "T1548.005": "Temporary Elevated Cloud Access", "T1550": "Use Alternate Authentication Material",
        "T1550.001": "Application Access Token", "T1552": "Unsecured Credentials",
        "T1552.001": "Credentials In Files", "T1552.005": "Cloud Instance Metadata API",
        "T1552.007": "Container API", "T1552.008": "Chat Messages",
        "T1554": "Compromise Host Software Binary",
        "T1555": "Credentials from Password Stores", "T1555.006": "Cloud Secrets Management Stores",
        "T1556": "Modify Authentication Process", "T1556.006": "Multi-Factor Authentication",
        "T1556.007": "Hybrid Identity", "T1556.009": "Conditional Access Policies",
        "T1557": "Adversary-in-the-Middle", "T1562": "Impair Defenses",
        "T1562.001": "Disable or Modify Tools",
        "T1562.004": "Disable or Modify System Firewall", "T1562.006": "Indicator Blocking",
        "T1562.007": "Disable or Modify Cloud Firewall", "T1562.008": "Disable or Modify Cloud Logs",
        "T1564": "Hide Artifacts", "T1564.008": "Email Hiding Rules", "T1565": "Data Manipulation",
        "T1565.001": "Stored Data Manipulation", "T1566": "Phishing", "T1566.002": "Spearphishing Link",
        "T1567": "Exfiltration Over Web Service", "T1567.002": "Exfiltration to Cloud Storage",
        "T1572": "Protocol Tunneling", "T1578": "Modify Cloud Compute Infrastructure",
        "T1578.001": "Create Snapshot", "T1578.002": "Create Cloud Instance",
        "T1578.003": "Delete Cloud Instance",
        "T1578.004": "Revert Cloud Instance", "T1578.005": "Modify Cloud Compute Configurations",
        "T1580": "Cloud Infrastructure Discovery", "T1606": "Forge Web Credentials",
        "T1606.002": "SAML Tokens",
        "T1609": "Container Administration Command", "T1610": "Deploy Container", "T1611": "Escape to Host",
        "T1613": "Container and Resource Discovery", "T1619": "Cloud Storage Object Discovery",
        "T1621": "Multi-Factor Authentication Request Generation",
        "T1648": "Serverless Execution", "T1651": "Cloud Administration Command", "T1654": "Log Enumeration",
        "T1666": "Modify Cloud Resource Hierarchy",
    ]
}
