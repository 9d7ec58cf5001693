<?php
function panel_link(string $user, string $opens): string {
    $now = time();
    $claims = ['sub' => $user, 'role' => 'rep', 'opens' => $opens,
        'iat' => $now, 'exp' => $now + 120, 'jti' => bin2hex(random_bytes(16))];
    $signed = base64url('{"alg":"HS256"}') . '.' . base64url(json_encode($claims, JSON_THROW_ON_ERROR));
    $token = $signed . '.' . base64url(hash_hmac('sha256', $signed, getenv('PANE_KEY'), true));
    return json_encode(['url' => getenv('PANE_URL') . '/embed', 'token' => $token]);
}

function base64url(string $data): string {
    return rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    echo panel_link($argv[1], $argv[2]);
}
